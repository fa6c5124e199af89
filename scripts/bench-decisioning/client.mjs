// What a whole call costs, `getOffers` of a client that decides on the device: its validation, its measurements and its cookies are
// part of it, and the calls that report what was shown.
import { artifactOf, requestOf } from './artifact.mjs'
import { clientsFor } from './clients.mjs'
import { startCollector } from './collector.mjs'
import { takeTurns } from './turns.mjs'

const SIZE = { mboxes: 1000, activities: 1, experiences: 1 }
const COUNTED = 1000

/** Visitors of a page, each with a session; the last case is for what cannot share a call. */
const CASES = [
  { name: 'execute', mode: 'execute', visitors: 20 },
  { name: 'prefetch', mode: 'prefetch', visitors: 20 },
  { name: 'execute, of ever new visitors', mode: 'execute', visitors: 20_000 },
]

const callsOf = ({ mode, visitors }) =>
  Array.from({ length: visitors }, (_, at) => {
    const { requestId, execute, ...request } = requestOf(at, 1, SIZE.mboxes)
    return { request: { ...request, [mode]: execute }, sessionId: `session-${at}` }
  })

/** POSTs and notifications that arrive at the server for `count` decisions of 20 visitors. */
export const countPosts = async ({ getOffers, flush }, collector, count = COUNTED) => {
  const calls = callsOf(CASES[0])
  await flush()
  const before = await collector.count()
  for (let call = 0; call < count; call++) await getOffers(calls[call % calls.length])
  await flush()
  const { posts, notifications } = await collector.count()
  return { decisions: count, posts: posts - before.posts, notifications: notifications - before.notifications }
}

export const benchClient = async (options) => {
  const collector = await startCollector()
  const clients = await clientsFor(artifactOf(SIZE), collector)
  const counts = []
  for (const client of clients) counts.push({ name: client.name, ...(await countPosts(client, collector)) })
  const cases = []
  for (const given of CASES) {
    const calls = callsOf(given)
    const contenders = clients.map(({ name, getOffers, flush }) => ({
      name,
      isLater: true,
      work: (call) => getOffers(calls[call % calls.length]),
      end: flush,
    }))
    cases.push({ ...given, rows: await takeTurns(contenders, { ...options, slice: 300_000 }) })
  }
  for (const { close } of clients) await close()
  collector.stop()
  return { counts, cases }
}

import { setTimeout as pause } from 'node:timers/promises'
import { createEmulator } from 'isotarget/emulator'
import { byChance, inTurn } from '../../test/faults/fault-plan.ts'
import { startFaultProxy } from '../../test/faults/fault-proxy.ts'
import { CONTENDERS } from './contenders.mjs'
import { burstsOf, OFFERS } from './shop.mjs'
import { tallyOf, wireOf } from './tally.mjs'

/** One notification with all that goes with it is smaller, two are not: what is too long can be split. */
const SMALLEST = 2_000
/**
 * What hangs is cut off as load balancers do it, in ms. WebKit never gives up a beacon by itself, and six that hang would keep
 * every other call of the browser from that host.
 */
const HANG = 60_000

/** An edge over HTTP with a proxy in front of it, which lets everything pass until it is given a plan. */
export const openShop = async () => {
  const edge = createEmulator({ offers: OFFERS, seed: 'soak', maxRequests: 1 })
  const server = await edge.listen(0)
  const proxy = await startFaultProxy({ edge: server.url, plan: inTurn(), smallest: SMALLEST, hang: HANG })
  const close = async () => {
    await proxy.close()
    await server.close()
  }
  return { edge, url: server.url, proxy, close }
}

const report = (contender, visitors, { events }) =>
  events.map((event) => ({ ...event, id: contender.report(event, visitors[event.visitor]) }))

/** What was given up may still be on its way: waits until nothing has come for a second. */
const quiet = async ({ calls }) => {
  for (let before = -1; before !== calls.length; ) {
    before = calls.length
    await pause(1000)
  }
}

const contest = async (name, { seed, total, rate, visitors: count, say }) => {
  const { edge, url, proxy, close } = await openShop()
  const contender = CONTENDERS[name]({ edge: url, proxy })
  const visitors = []
  for (let index = 0; index < count; index++) visitors.push(await contender.enter(`s${index}`))
  const calls = proxy.calls.length
  proxy.use(byChance({ seed, rate }))

  const start = performance.now()
  const reported = []
  for (const burst of burstsOf({ seed, total, visitors: count })) {
    reported.push(...report(contender, visitors, burst))
    await pause(burst.pause)
  }
  say(`${name}: ${reported.length} reported, waiting for the end`)
  const ended = await contender.settle()
  const seconds = (performance.now() - start) / 1000
  await quiet(proxy)
  const tally = tallyOf(reported, edge.ledger)
  const row = { name, ...tally, ...wireOf(proxy.calls.slice(calls)), seconds, ...ended }
  say(`${name}: ${row.lost} lost of ${row.queued}, ${row.calls} calls, ${seconds.toFixed(1)} s`)
  await close()
  return row
}

/** All contenders, one after the other, with the same events and the same faults. */
export const soakNode = async (options) => {
  const rows = []
  for (const name of Object.keys(CONTENDERS).filter(options.isChosen)) rows.push(await contest(name, options))
  return rows
}

// What one flag value costs: read without a word to anybody, and with its display, or whatever the others call it, in a queue. All are
// held to half and half first.
import { TargetClient } from 'isotarget/server'
import { startCollector } from './collector.mjs'
import { ARMS, COUNTRY, EXPERIMENTS, experimentsArtifact, visitorsOf } from './experiments.mjs'
import { startField } from './field.mjs'
import { takeTurns } from './turns.mjs'

const VISITORS = 997
/** Visitors whose displays were told before the turn; with all experiments they fit in a queue. */
const KNOWN = 97
/** Visitors of a turn of those who queue something for each; LaunchDarkly holds 10,000 events. */
const UNIQUE = 9_000

const acknowledge = async (_, { body }) => {
  const { notifications } = JSON.parse(body)
  return Response.json({ status: 200, client: 'acme', notifications: notifications.map(({ id }) => ({ id })) })
}

const startClient = async () => {
  const client = TargetClient.create({
    client: 'acme',
    organizationId: 'ABC@AdobeOrg',
    decisioningMethod: 'on-device',
    artifactPayload: experimentsArtifact(),
    pollingInterval: 0,
    fetchApi: acknowledge,
  })
  await client.ready()
  return client
}

const prepared =
  (more) =>
  ({ id, plan }) => ({
    request: { id: { tntId: id }, context: { channel: 'web', geo: { countryCode: COUNTRY } } },
    parameters: { plan },
    ...more,
  })

const quiet = async () => {
  const client = await startClient()
  return {
    name: 'isotarget variation',
    isOurs: true,
    prepare: prepared({ display: false }),
    value: (mbox, options) => client.variation(mbox, 'arm', 'off', options),
  }
}

const told = async () => {
  const client = await startClient()
  const value = (mbox, options) => client.variation(mbox, 'arm', 'off', options)
  return {
    name: 'isotarget, displays told before',
    isOurs: true,
    visitors: visitorsOf(KNOWN),
    prepare: prepared({}),
    value,
    async begin(options) {
      for (const one of options) for (const mbox of EXPERIMENTS) value(mbox, one)
      await client.flush()
    },
  }
}

/** Each turn has a client of its own, for which everybody is new; what it has queued is thrown away after the turn. */
const queueing = () => {
  let client
  return {
    name: 'isotarget variation',
    isOurs: true,
    isTelling: true,
    prepare: prepared({}),
    value: (mbox, options) => client.variation(mbox, 'arm', 'off', options),
    async begin() {
      client = await startClient()
    },
    after: () => client.optOut(),
  }
}

export const ourFlags = async () => [await quiet(), await told(), queueing()]

/** How often each value is given, over all experiments. */
const sharesOf = async ({ value, begin, after, prepare, visitors = visitorsOf(VISITORS) }) => {
  const all = visitors.slice(0, VISITORS).map(prepare)
  await begin?.([])
  const counts = {}
  for (const key of EXPERIMENTS) {
    for (const one of all) {
      const found = await value(key, one)
      counts[found] = (counts[found] ?? 0) + 1
    }
  }
  await after?.()
  return counts
}

/** How often each arm was given; throws unless half of the visitors got each, and nobody anything else. */
export const checkShares = async (contender) => {
  const counts = await sharesOf(contender)
  const all = Object.values(counts).reduce((sum, count) => sum + count)
  const isHalf = (arm) => Math.abs((counts[arm] ?? 0) / all - 0.5) < 0.05
  if (Object.keys(counts).length === ARMS.length && ARMS.every(isHalf)) return counts
  throw new Error(`${contender.name} gives ${JSON.stringify(counts)}, which is not half and half`)
}

const experimentOf = (call) => EXPERIMENTS[call % EXPERIMENTS.length]

const reading = ({ value, prepare, visitors = visitorsOf(VISITORS), begin, ...contender }) => {
  const options = visitors.map(prepare)
  return {
    ...contender,
    ...(begin && { begin: () => begin(options) }),
    work: (call) => value(experimentOf(call), options[call % options.length]),
  }
}

/** Each turn has new visitors, so that whoever remembers whom he has told of has somebody to tell of. */
const telling = ({ value, prepare, begin, ...contender }) => {
  let options
  let known = 0
  return {
    ...contender,
    most: UNIQUE,
    async begin() {
      options = visitorsOf(UNIQUE, known).map(prepare)
      known += UNIQUE
      await begin?.(options)
    },
    work: (call) => value(experimentOf(call), options[call]),
  }
}

const described = (rows, contenders) =>
  rows.map((row, at) => ({ ...row, version: contenders[at].version, isOurs: Boolean(contenders[at].isOurs) }))

export const benchFlags = async ({ say, ...options }) => {
  const collector = await startCollector()
  const field = await startField({ say, events: `http://${collector.domain}` })
  const contenders = [...(await ourFlags()), ...field]
  for (const contender of contenders) await checkShares(contender)
  const readers = contenders.filter(({ isTelling }) => !isTelling)
  const tellers = contenders.filter(({ isTelling }) => isTelling)
  const rows = described(await takeTurns(readers.map(reading), options), readers)
  const queued = described(await takeTurns(tellers.map(telling), { ...options, settle: 0 }), tellers)
  for (const { close } of field) await close?.()
  collector.stop()
  return { rows, queued }
}

// One visitor, who comes twice: what they ask and report, and what of it ought to count.
import { goalOf, mboxOf } from './activities.mjs'

/** The same numbers in every run. */
const chance = (seed) => {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const decisionsIn = (mboxes = []) =>
  mboxes.flatMap(({ name, state, options = [], metrics = [] }) =>
    options.map(({ eventToken, responseTokens }) => ({
      mbox: { name, state },
      token: eventToken,
      click: metrics[0]?.eventToken,
      activity: Number(responseTokens['activity.id']),
      experience: responseTokens['experience.name'],
    })),
  )

export const createVisitor = ({ number, activities, call, count }) => {
  const draw = chance(number + 1)
  const me = { seen: new Map(), experiences: new Map() }
  let tntId
  let session = `s-${number}-1`
  let prefetched = []
  let reports = 0
  let last
  const someMboxes = () => {
    const first = draw(activities)
    return [first, (first + 1 + draw(activities - 1)) % activities].map((at, index) => ({
      index,
      name: mboxOf(at + 1),
    }))
  }
  const send = async (body, isBeacon = false) => {
    const context = { channel: 'web', ...(isBeacon && { beacon: true }) }
    const answer = await call(session, { context, ...(tntId && { id: { tntId } }), ...body })
    tntId ??= answer?.id?.tntId
    return answer
  }
  const notificationOf = (more) => ({ id: `n-${number}-${++reports}`, type: 'display', timestamp: Date.now(), ...more })
  const report = async (notifications, isBeacon) => {
    last = notifications
    return send({ notifications }, isBeacon)
  }
  const steps = [
    async function executes() {
      const { execute } = await send({ execute: { mboxes: someMboxes() } })
      for (const decision of decisionsIn(execute.mboxes)) count.impression(me, session, decision)
    },
    async function prefetches() {
      const { prefetch } = await send({ prefetch: { mboxes: someMboxes() } })
      prefetched = decisionsIn(prefetch.mboxes)
    },
    async function displays() {
      const [one] = prefetched
      await report([notificationOf({ mbox: one.mbox, tokens: [one.token] })])
      count.impression(me, session, one)
    },
    async function beacons() {
      const one = prefetched.at(-1)
      await report([notificationOf({ mbox: one.mbox, tokens: [one.token] })], true)
      count.impression(me, session, one)
    },
    async function clicks() {
      const [one] = prefetched
      await report([notificationOf({ type: 'click', mbox: { name: one.mbox.name }, tokens: [one.click] })])
      count.click(me, one)
    },
    async function repeats() {
      // Sent again, as after an answer that was lost: it is acknowledged, and counts no more.
      await send({ notifications: last })
    },
    async function buys() {
      const goal = goalOf(prefetched[0].activity)
      const total = draw(10_000) / 100
      await report([notificationOf({ mbox: { name: goal }, order: { id: `o-${number}-${reports}`, total } })])
      count.conversion(me, goal, total)
    },
    async function reaches() {
      const goal = goalOf(draw(activities) + 1)
      await send({ execute: { mboxes: [{ index: 0, name: goal }] } })
      count.conversion(me, goal)
    },
    async function returns() {
      session = `s-${number}-2-${reports}`
      const { execute } = await send({ execute: { mboxes: someMboxes() } })
      for (const decision of decisionsIn(execute.mboxes)) count.impression(me, session, decision)
    },
    async function looks() {
      await send({ prefetch: { mboxes: someMboxes() } })
    },
  ]
  return async (calls) => {
    for (let at = 0; at < calls; at++) await steps[at % steps.length]()
  }
}

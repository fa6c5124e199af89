import { median } from '../bench-decisioning/turns.mjs'
import { startApp, visitedBy } from './visits.mjs'

/** Visitors in a second, and how long the edge takes, in ms, where the line before a server is not what is measured. */
const STEADY = { rate: 200, latency: 20 }

/** What visitors got in some seconds, and what it cost the server, with what it reported afterwards. */
const roundOf = async (stage, shop, given) => {
  await shop.app.ask('spent')
  const before = await stage.edge.ask('read')
  const { right, seconds, p50, p99, next } = await visitedBy(stage, shop, { ...given, first: shop.next })
  shop.next = next
  await shop.app.ask('flush')
  const { cpu, pages } = await shop.app.ask('spent')
  const after = await stage.edge.ask('read')
  return { perSecond: right / seconds, p50, p99, cpu: cpu / pages, calls: (after.calls - before.calls) / pages }
}

const steadyOf = async (shops, stage, duration) => {
  await stage.edge.ask({ latency: STEADY.latency })
  for (const shop of shops) {
    const { p50, p99, perSecond } = await roundOf(stage, shop, { duration, rate: STEADY.rate })
    shop.steady = { p50, p99, perSecond }
  }
  await stage.edge.ask({ latency: 0 })
  stage.say(`${STEADY.rate} visitors in a second`)
}

/**
 * All servers are up at once and take turns, so that what else the machine does falls on everybody. Each number is the median of the
 * rounds, and `times` the median of what a server is to the one without offers in the same round.
 */
export const measureRounds = async (variants, stage, { rounds, seconds }) => {
  const shops = []
  for (const variant of variants) shops.push({ ...(await startApp(variant, stage)), next: 0, samples: [] })
  for (const shop of shops) await roundOf(stage, shop, { duration: seconds })
  for (let round = 1; round <= rounds; round++) {
    for (const shop of shops) shop.samples.push(await roundOf(stage, shop, { duration: seconds }))
    stage.say(`round ${round} of ${rounds}`)
  }
  await steadyOf(shops, stage, seconds)
  for (const { app } of shops) app.stop()
  return shops.map(({ variant, samples, steady }) => {
    const bare = shops.find((other) => other.variant.framework === variant.framework && other.variant.sdk === 'none')
    const middle = (key) => median(samples.map((sample) => sample[key]))
    return {
      ...variant,
      ...Object.fromEntries(['perSecond', 'p50', 'p99', 'cpu', 'calls'].map((key) => [key, middle(key)])),
      times: median(samples.map(({ perSecond }, round) => perSecond / bare.samples[round].perSecond)),
      steady,
    }
  })
}

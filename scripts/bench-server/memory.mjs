import { startApp, visitedBy } from './visits.mjs'

/** Visitors before the first look: by then all code has run. */
const WARM = 2000
/** Adobe's SDK takes longer for each visitor: a tenth of them has to do. */
const SHARE = { adobe: 0.1 }

const memoryOf = async (variant, stage, visitors) => {
  const shop = await startApp(variant, stage)
  const half = Math.max(1, Math.round((visitors * (SHARE[variant.sdk] ?? 1)) / 2))
  let { next } = await visitedBy(stage, shop, { amount: WARM, first: 0 })
  const samples = [{ visitors: 0, ...(await shop.app.ask('memory')) }]
  for (const count of [half, 2 * half]) {
    next = (await visitedBy(stage, shop, { amount: half, first: next })).next
    samples.push({ visitors: count, ...(await shop.app.ask('memory')) })
  }
  shop.app.stop()
  stage.say(`memory: ${variant.name}`)
  return { ...variant, samples }
}

/**
 * Heap and resident bytes after collections: before, half-way and after so many distinct visitors. The servers of one framework, side by
 * side: no clock is looked at.
 */
export const measureMemory = (variants, stage, visitors) => {
  const chosen = variants.filter(({ framework }) => framework === 'hono')
  return Promise.all(chosen.map((variant) => memoryOf(variant, stage, visitors)))
}

import { startShop } from './processes.mjs'

const CONNECTIONS = 20

/** Ends with an error when an answer was not the visitor's own: then nothing of it is worth measuring. */
export const visitedBy = async ({ load }, { app, variant }, given) => {
  const seen = await load.ask({ port: app.port, sdk: variant.sdk, connections: CONNECTIONS, ...given })
  if (seen.wrong || seen.errors || !seen.right) {
    throw new Error(`${variant.framework}, ${variant.name}: ${seen.wrong} wrong answers, ${seen.errors} errors`)
  }
  return seen
}

export const startApp = async (variant, { edge }) => ({
  variant,
  app: await startShop({ ...variant, edge: edge.port }),
})

/** What each server's visitors got, and what arrived at the edge. */
export const visitEach = async (variants, stage, amount) => {
  const rows = []
  for (const variant of variants) {
    await stage.edge.ask('reset')
    const shop = await startApp(variant, stage)
    const { right } = await visitedBy(stage, shop, { amount, first: 0 })
    await shop.app.ask('flush')
    rows.push({ ...variant, visitors: amount, right, edge: await stage.edge.ask('read') })
    shop.app.stop()
  }
  return rows
}

import { setTimeout as sleep } from 'node:timers/promises'
import { inBrowser, median } from './lanes.mjs'

/** What is longer than this counts as without an end, in ms. */
const LONG = 100_000

const arm = ({ url, how }) => {
  addEventListener('pagehide', () => {
    if (how === 'beacon') navigator.sendBeacon(url, 'n')
    else void fetch(url, { method: 'POST', body: 'n', keepalive: true }).catch(() => {})
  })
}

const leave = {
  'tab closed': (tab) => tab.close(),
  'gone to another page': (tab, lab) => tab.goto(`${lab.site}/after`),
}

/** Nobody answers: how long the browser waits after the page has gone. */
const run = ({ engine, lab, n, say }) =>
  inBrowser(engine.launch, async (browser) => {
    const cases = []
    let count = 0
    for (const how of ['beacon', 'keepalive']) {
      for (const [way, go] of Object.entries(leave)) {
        const ids = lab.newIds(n)
        for (const id of ids) {
          const tab = await browser.open(`${lab.site}/page`)
          // All of them wait side by side, and a browser makes few connections to one host.
          await tab.evaluate(arm, { url: lab.url(id, 2 * LONG, count++), how })
          await go(tab, lab)
        }
        cases.push({ what: `${how}, ${way}`, ids })
      }
    }
    say(`waiting for up to ${LONG / 1000} s`)
    const all = cases.flatMap(({ ids }) => ids)
    const isOver = () => all.every((id) => lab.arrivals.get(id)?.[0].ended)
    for (let waited = 0; waited < LONG && !isOver(); waited += 500) await sleep(500)
    return cases.map(({ what, ids }) => {
      const arrivals = ids.flatMap((id) => lab.arrivals.get(id) ?? [])
      const times = arrivals.flatMap(({ at, ended }) => (ended ? Math.round(ended - at) : []))
      return { what, n: ids.length, arrived: arrivals.length, ended: times.length, median: median(times) }
    })
  })

export const grace = {
  title: `How long a browser keeps a call of a page that has gone when nobody answers; up to ${LONG / 1000} s`,
  n: 3,
  run,
  cell: ({ n, ended, median: middle }) =>
    ended === n
      ? `${(middle / 1000).toFixed(1)} s`
      : `longer, ${n - ended} of ${n}${middle ? `; ${(middle / 1000).toFixed(1)} s` : ''}`,
}

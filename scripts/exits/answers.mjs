import { setTimeout as sleep } from 'node:timers/promises'
import { inBrowser, within } from './lanes.mjs'

/** When the collector answers, in ms. */
const WAIT = 400

/** Sends when told, and keeps what the page hears of it. */
const arm = ({ url, event }) => {
  globalThis.heard = undefined
  const send = () => {
    const answered = (answer) => {
      globalThis.heard = `${answer}, ${document.visibilityState}`
    }
    fetch(url, { method: 'POST', body: 'n'.repeat(300), keepalive: true })
      .then((response) => response.text())
      .then(answered, (error) => answered(String(error)))
  }
  if (event === 'pagehide') addEventListener('pagehide', send)
  else document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && send())
}

const look = () => ({ heard: globalThis.heard, isOurs: 'heard' in globalThis, path: location.pathname })

/** The page hides, and the answer comes while it is hidden. */
const hiding = async ({ browser, lab, id }) => {
  const tab = await browser.open(`${lab.site}/page`)
  await tab.evaluate(arm, { url: lab.url(id, WAIT), event: 'hidden' })
  await tab.hide()
  await sleep(WAIT + 600)
  const { heard } = (await within(tab.evaluate(look), 2000)) ?? {}
  await tab.close()
  return { heard, isKept: true }
}

/** The page goes into the back/forward cache, and comes back before or after the answer. */
const caching =
  ({ event, back }) =>
  async ({ browser, lab, id }) => {
    const tab = await browser.open(`${lab.site}/page`)
    await tab.evaluate(arm, { url: lab.url(id, WAIT), event })
    await sleep(100)
    await tab.goto(`${lab.site}/after`)
    await sleep(back)
    await within(
      tab.evaluate(() => void setTimeout(() => history.back())),
      500,
    )
    await sleep(WAIT + 800)
    const { path, isOurs, heard } = (await within(tab.evaluate(look), 2000)) ?? {}
    await within(tab.close(), 2000)
    return { heard, isKept: path === '/page' && isOurs }
  }

const BACK = { 'before the answer': 50, 'after it': WAIT + 500 }

const CASES = {
  'sent at hidden, stays hidden': hiding,
  ...Object.fromEntries(
    ['hidden', 'pagehide'].flatMap((event) =>
      Object.entries(BACK).map(([moment, back]) => [
        `sent at ${event}, left, back from the cache ${moment}`,
        caching({ event, back }),
      ]),
    ),
  ),
}

const run = ({ engine, lab, n, say }) =>
  inBrowser(engine.launch, async (browser) => {
    const rows = []
    for (const [what, one] of Object.entries(CASES)) {
      const results = []
      for (let count = 0; count < n; count++) {
        const id = lab.newId()
        results.push({ ...(await one({ browser, lab, id })), hasArrived: lab.arrivals.has(id) })
      }
      const seen = results.filter(({ isKept, hasArrived }) => isKept && hasArrived)
      const heard = seen.filter((result) => result.heard?.startsWith('taken')).length
      const other = [
        ...new Set(seen.flatMap((result) => (result.heard?.startsWith('taken') ? [] : (result.heard ?? 'nothing')))),
      ]
      rows.push({ what, n: seen.length, heard, other })
      say(`${what}: ${heard} of ${seen.length}`)
    }
    return rows
  })

export const answers = {
  title:
    'How often the answer of a keepalive fetch is heard by a page that was hidden or left, of so many that lived on',
  n: 8,
  run,
  cell: ({ heard, n, other }) => `${heard}/${n}${other.length ? ` (${other.join('; ')})` : ''}`,
}

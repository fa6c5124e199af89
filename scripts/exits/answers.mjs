import { setTimeout as sleep } from 'node:timers/promises'

const WAIT = 400

/** Sends when told, and keeps what the page hears of it. */
const arm = ({ url, event }) => {
  globalThis.heard = undefined
  globalThis.sawHidden = false
  const send = () => {
    const answered = (answer) => {
      globalThis.heard = `${answer}, ${document.visibilityState}`
    }
    fetch(url, { method: 'POST', body: 'n'.repeat(300), keepalive: true })
      .then((response) => response.text())
      .then(answered, (error) => answered(String(error)))
  }
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'hidden') return
    globalThis.sawHidden = true
    if (event === 'hidden') send()
  })
  if (event === 'pagehide') addEventListener('pagehide', send)
}

const look = () => ({ heard: globalThis.heard, sawHidden: globalThis.sawHidden, path: location.pathname })
const within = (promise, time) => Promise.race([promise.catch(() => {}), sleep(time)])

const hide = {
  'another tab in front': async ({ browser, lab, tab }) => {
    const other = await browser.open(`${lab.site}/other`, browser.hasTabs ? tab : { type: 'tab' })
    await other.show()
    return other
  },
  minimized: async ({ tab }) => void (await tab.minimize?.('minimized')),
}

/** The page hides, the answer comes while it is hidden, and the page is shown again. */
const hiding = async ({ browser, lab, way }) => {
  const id = `${browser.version}|answer|${way}`.replace(/[^\w|]/g, '_')
  const tab = await browser.open(`${lab.site}/page`)
  await tab.evaluate(arm, { url: lab.url(id, WAIT), event: 'hidden' })
  const other = await within(hide[way]({ browser, lab, tab }), 3000)
  await sleep(WAIT + 400)
  const { heard, sawHidden } = (await within(tab.evaluate(look), 2000)) ?? {}
  await other?.close()
  await within(tab.close(), 2000)
  return { way, isHidden: Boolean(sawHidden), arrived: lab.arrivals.has(id), heard }
}

/** The page goes into the back/forward cache, and comes back before or after the answer. */
const caching = async ({ browser, lab, event, back }) => {
  const id = `${browser.version}|answer|${event}|${back}`.replace(/[^\w|]/g, '_')
  const tab = await browser.open(`${lab.site}/page`)
  await tab.evaluate(arm, { url: lab.url(id, WAIT), event })
  await sleep(100)
  await tab.goto(`${lab.site}/after`)
  await sleep(back)
  await within(
    tab.evaluate(() => void setTimeout(() => history.back())),
    500,
  )
  await sleep(WAIT + 600)
  const state = (await within(tab.evaluate(look), 2000)) ?? {}
  await within(tab.close(), 2000)
  const isCached = state.path === '/page' && state.sawHidden !== undefined
  const way = `cached, sent at ${event}, back ${back < WAIT ? 'before' : 'after'} the answer`
  return {
    way,
    isHidden: true,
    isCached,
    arrived: lab.arrivals.has(id),
    heard: state.heard,
    reasons: tab.notCached?.at(-1),
  }
}

export const measureAnswers = async ({ browser, lab }) => {
  const rows = []
  for (const way of Object.keys(hide)) rows.push(await hiding({ browser, lab, way }))
  for (const event of ['pagehide', 'hidden']) {
    for (const back of [50, WAIT + 500]) rows.push(await caching({ browser, lab, event, back }))
  }
  return rows
}

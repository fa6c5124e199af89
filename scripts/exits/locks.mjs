import { setTimeout as sleep } from 'node:timers/promises'
import { kill, processOf } from './processes.mjs'

/** In the page that is left: what it has to do with the lock, and what it sees when it comes back. */
const first = (way) => {
  globalThis.seen = []
  globalThis.lost = undefined
  addEventListener('pageshow', ({ persisted }) => globalThis.seen.push(persisted))
  const released = Promise.withResolvers()
  const abort = new AbortController()
  const release = () => {
    released.resolve()
    abort.abort()
  }
  const request = navigator.locks.request.bind(navigator.locks, 'exits')
  if (way !== 'no lock')
    request({ signal: abort.signal }, () => released.promise).catch((error) => (globalThis.lost = String(error)))
  const [, event] = /(pagehide|beforeunload)/.exec(way) ?? []
  if (event) addEventListener(event, release)
  if (way.endsWith('before')) setTimeout(release, 20)
}

/** In the next page, while it loads: whether the lock is free at once, and when it is. */
const next = () => {
  const started = performance.now()
  window.found = {}
  navigator.locks.request('exits', { ifAvailable: true }, (lock) => {
    window.found.atOnce = Boolean(lock)
  })
  navigator.locks.request('exits', () => {
    window.found.after = performance.now() - started
  })
}

/** An evaluation that a page takes with it into the cache is not answered. */
const within = (promise, time) => Promise.race([promise.catch(() => {}), sleep(time)])

const seenOf = async (tab) => {
  for (let tries = 0; tries < 20; tries++) {
    await sleep(100)
    const look = () => ({
      path: location.pathname,
      isReady: document.readyState === 'complete',
      seen: globalThis.seen,
    })
    const state = await within(tab.evaluate(look), 300)
    if (state?.path === '/first' && state.isReady) return Boolean(state.seen?.at(-1))
  }
  return undefined
}

const thereAndBack = async ({ browser, lab, way, asks }) => {
  const tab = await browser.open(`${lab.site}/first`)
  try {
    await tab.evaluate(first, way)
    await sleep(150)
    await tab.goto(`${lab.site}/${asks ? 'next' : 'quiet'}`)
    await sleep(asks ? 400 : 100)
    const found = asks ? await tab.evaluate(() => window.found) : {}
    await tab.evaluate(() => void setTimeout(() => history.back()))
    const isCached = await seenOf(tab)
    await sleep(30)
    const isHeld =
      isCached && way.startsWith('holds')
        ? await tab.evaluate(async () => [(await navigator.locks.query()).held.length, globalThis.lost])
        : undefined
    return { ...found, isHeld, isCached, reasons: tab.notCached?.at(-1) }
  } finally {
    await tab.close()
  }
}

const WAYS = [
  'no lock',
  'held, released before',
  'holds',
  'holds, released in pagehide',
  'holds, released in beforeunload',
  'waits',
  'waits, aborted in pagehide',
]

const holder = () =>
  new Promise((resolve) => {
    navigator.locks.request('exits', () => {
      resolve()
      return new Promise(() => {})
    })
  })

const summary = (results) => ({
  n: results.length,
  held: JSON.stringify(results.map((r) => r.isHeld)),
  cached: results.filter(({ isCached }) => isCached).length,
  atOnce: results.filter(({ atOnce }) => atOnce).length,
  after: results.flatMap(({ after }) => after ?? []).toSorted((a, b) => a - b),
  reasons: [...new Set(results.flatMap(({ reasons }) => reasons ?? []))],
})

const repeat = async (count, one) => {
  const results = []
  for (let index = 0; index < count; index++) results.push(await one())
  return results
}

const caching = async ({ browser, lab, count }) => {
  const rows = []
  for (const way of WAYS) {
    const isWaiting = way.startsWith('waits')
    const other = isWaiting ? await browser.open(`${lab.site}/holder`) : undefined
    await other?.evaluate(holder)
    if (other) {
      const o = await browser.open(`${lab.site}/next`)
      await sleep(300)
      console.log('EXCLUSION', await o.evaluate(() => window.found))
      await o.close()
    }
    for (const asks of isWaiting ? [false] : [false, true]) {
      const results = await repeat(count, () => thereAndBack({ browser, lab, way, asks }))
      rows.push({ way, asks, ...summary(results) })
    }
    await other?.close()
  }
  return rows
}

const holderIn = async (browser, lab) => {
  for (let tries = 0; tries < 3; tries++) {
    const tab = await browser.open(`${lab.site}/victim`)
    const pid = tab.crash ? undefined : await processOf(tab, browser.renderers)
    const end = tab.crash ?? (pid && (() => kill(pid)))
    if (end) {
      await tab.evaluate(holder)
      return end
    }
    await tab.close()
  }
  throw new Error('the process of the page is not known')
}

/** Waits for the lock in a page that outlives the other: browsers let some pages of a site share a process. */
const wait = async (browser, lab) => {
  const heirs = []
  for (let count = 0; count < 3; count++) heirs.push(await browser.open(`${lab.site}/heir`))
  for (const heir of heirs) {
    await heir.evaluate(() => {
      globalThis.granted = navigator.locks.request('exits', () => Date.now())
    })
  }
  return heirs
}

/** How long a page that waits for the lock goes on waiting when its holder's process is killed, in ms. */
const afterKill = async (browser, lab) => {
  const end = await holderIn(browser, lab)
  const heirs = await wait(browser, lab)
  await sleep(50)
  const killed = Date.now()
  end()
  const answers = heirs.map((heir) =>
    within(
      heir.evaluate(() => globalThis.granted),
      4000,
    ),
  )
  const granted = (await Promise.all(answers)).find((answer) => answer !== undefined)
  await Promise.all(heirs.map((heir) => within(heir.close(), 1000)))
  return granted === undefined ? undefined : granted - killed
}

export const measureLocks = { caching, afterKill, next }

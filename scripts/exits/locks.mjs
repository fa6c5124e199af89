import { setTimeout as sleep } from 'node:timers/promises'
import { newProfile, removeProfile } from './engines.mjs'
import { inBrowser, inLanes, median, within } from './lanes.mjs'
import { kill, processOf } from './processes.mjs'

/** In the page that is left: what it has to do with the lock, and what it sees when it comes back. */
const holdUntil = (event) => {
  globalThis.isCached = false
  addEventListener('pageshow', ({ persisted }) => {
    globalThis.isCached = persisted
  })
  if (event === 'never held') return
  const released = Promise.withResolvers()
  navigator.locks.request('exits', () => released.promise).catch(() => {})
  if (event !== 'end') addEventListener(event, released.resolve)
}

/** In the next page, while it loads: whether the lock is free. */
const ask = () => {
  navigator.locks.request('exits', { ifAvailable: true }, (lock) => {
    window.isFree = Boolean(lock)
  })
}

/** Whether the page that is gone back to came as it was. */
const stateOf = async (tab) => {
  const look = () => ({
    isBack: location.pathname === '/held' && document.readyState === 'complete',
    isCached: globalThis.isCached,
  })
  for (let tries = 0; tries < 30; tries++) {
    await sleep(100)
    // An evaluation that a page takes with it into the cache is not answered.
    const state = await within(tab.evaluate(look), 300)
    if (state?.isBack) return state
  }
  throw new Error('the page did not come back')
}

const thereAndBack = async ({ browser, lab, event, isAsking }) => {
  const tab = await browser.open(`${lab.site}/held`)
  try {
    await tab.evaluate(holdUntil, event)
    await sleep(150)
    await tab.goto(`${lab.site}/${isAsking ? 'asking' : 'quiet'}`)
    await sleep(200)
    const isFree = isAsking ? await tab.evaluate(() => window.isFree) : undefined
    await tab.evaluate(() => void setTimeout(() => history.back()))
    const { isCached } = await stateOf(tab)
    return { isFree, isCached }
  } finally {
    await tab.close()
  }
}

const WAYS = {
  'no lock': 'never held',
  'held to the end': 'end',
  'released in pagehide': 'pagehide',
  'released in beforeunload': 'beforeunload',
}

const cachingOf = async ({ browser, lab, n, event, isAsking }) => {
  const results = []
  for (let count = 0; count < n; count++) results.push(await thereAndBack({ browser, lab, event, isAsking }))
  const cached = results.filter(({ isCached }) => isCached).length
  return { n, cached, ...(isAsking && { free: results.filter(({ isFree }) => isFree).length }) }
}

const caching = ({ engine, lab, n, say }) =>
  inBrowser(engine.launch, async (browser) => {
    lab.script('/asking', ask)
    const rows = []
    for (const [way, event] of Object.entries(WAYS)) {
      for (const isAsking of [false, true]) {
        const what = `${way}, the next page ${isAsking ? 'asks for it' : 'does not ask'}`
        rows.push({ what, ...(await cachingOf({ browser, lab, n, event, isAsking })) })
        say(`${what}: ${rows.at(-1).cached} of ${n} came from the cache`)
      }
    }
    return rows
  })

const hold = () =>
  new Promise((resolve) => {
    navigator.locks.request('exits', () => {
      resolve()
      return new Promise(() => {})
    })
  })

/** Asks until it is given the lock. */
const insist = () => {
  globalThis.granted = undefined
  const ask = async () => {
    while (!globalThis.granted) {
      await navigator.locks.request('exits', { ifAvailable: true }, (lock) => {
        if (lock) globalThis.granted = Date.now()
      })
    }
  }
  void ask()
}

const whenGranted = async (heir) => {
  for (let tries = 0; tries < 40; tries++) {
    const granted = await within(
      heir.evaluate(() => globalThis.granted),
      1000,
    )
    if (granted) return granted
    await sleep(100)
  }
  return undefined
}

/** How long after the death of its holder's process another page gets the lock, in ms. */
const afterKill = async ({ browser, lab }) => {
  const tab = await browser.open(`${lab.site}/holder`)
  const pid = await processOf(tab, browser)
  await tab.evaluate(hold)
  const heirs = []
  // Browsers let some pages of a site share a process: one of the three is somewhere else.
  for (let count = 0; count < 3; count++) heirs.push(await browser.open(`${lab.site}/heir`))
  for (const heir of heirs) await heir.evaluate(insist)
  const killed = Date.now()
  kill(pid)
  const granted = (await Promise.all(heirs.map(whenGranted))).filter(Boolean)
  for (const heir of heirs) await within(heir.close(), 1000)
  return granted.length ? Math.min(...granted) - killed : undefined
}

const killing = async ({ engine, lab, n, say }) => {
  const profile = newProfile()
  const times = []
  try {
    const launch = () => engine.launchLasting(profile, lab)
    const job = async (browser) => times.push(await afterKill({ browser, lab }))
    await inBrowser(launch, (browser) => inLanes([browser], Array(n).fill(job)))
  } finally {
    removeProfile(profile)
  }
  say(`granted after the death of the holder: ${times.join(', ')} ms`)
  const granted = times.filter((time) => time !== undefined)
  return {
    what: 'its holder is killed: ms until another has it',
    n: times.length,
    granted: granted.length,
    median: median(granted),
    most: Math.max(0, ...granted),
  }
}

const cell = ({ n, cached, free, granted, median: middle, most }) => {
  if (cached !== undefined) return `cached ${cached}/${n}${free === undefined ? '' : `, free ${free}/${n}`}`
  return `${granted}/${n}${granted ? `, ${middle}, at most ${most}` : ''}`
}

export const locks = {
  title: 'What a Web Lock does to the back/forward cache, and whether the next page gets it at once',
  n: 6,
  run: async (given) => [await killing(given), ...(await caching(given))],
  cell,
}

import { setTimeout as sleep } from 'node:timers/promises'
import { newProfile, removeProfile } from './engines.mjs'
import { inBrowser, inLanes } from './lanes.mjs'
import { kill, processOf } from './processes.mjs'

const RECORD = 600
const DATABASES = { 'IndexedDB, default': 'default', 'IndexedDB, relaxed': 'relaxed' }
const SENDS = ['sendBeacon', 'fetch, keepalive', 'fetchLater']

/** Opens what the writes need; leaves `put(key)` in the page, which stores and sends in every way in one task. */
const arm = async ({ databases, collector, size, name }) => {
  const opened = {}
  for (const database of Object.keys(databases)) {
    opened[database] = await new Promise((resolve, reject) => {
      const request = indexedDB.open(database)
      request.onupgradeneeded = () => request.result.createObjectStore('records')
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  }
  const record = 'r'.repeat(size)
  const post = { method: 'POST', body: record }
  const ways = {
    localStorage: (key) => localStorage.setItem(key, record),
    ...Object.fromEntries(
      Object.entries(databases).map(([database, durability]) => [
        database,
        (key) =>
          opened[database].transaction('records', 'readwrite', { durability }).objectStore('records').put(record, key),
      ]),
    ),
    sendBeacon: (_, url) => navigator.sendBeacon(url, record),
    'fetch, keepalive': (_, url) => void fetch(url, { ...post, keepalive: true }).catch(() => {}),
    fetchLater: (_, url) => globalThis.fetchLater?.(url, post),
  }
  globalThis.put = (key) => {
    for (const [way, go] of Object.entries(ways)) go(key, `${collector}${encodeURIComponent(`${key} ${way}`)}`)
  }
  const call = () => {
    const request = new XMLHttpRequest()
    request.open('GET', `/hook?name=${name}`, false)
    try {
      request.send()
    } catch {
      // The page is about to die.
    }
  }
  globalThis.putAndCall = (key, after) => {
    setTimeout(() => {
      globalThis.put(key)
      if (after === undefined) call()
      else setTimeout(call, after)
    })
  }
}

/** The keys that are there, per store. */
const keysOf = async (databases) => {
  const found = { localStorage: Object.keys(localStorage) }
  for (const database of Object.keys(databases)) {
    found[database] = await new Promise((resolve, reject) => {
      const request = indexedDB.open(database)
      request.onupgradeneeded = () => request.result.createObjectStore('records')
      request.onerror = () => reject(request.error)
      request.onsuccess = () => {
        const keys = request.result.transaction('records').objectStore('records').getAllKeys()
        keys.onsuccess = () => resolve(keys.result)
      }
    })
  }
  return found
}

const openArmed = async ({ browser, lab, lane, name }) => {
  const tab = await browser.open(`${lane}/page`)
  await tab.evaluate(arm, { databases: DATABASES, collector: lab.url(''), size: RECORD, name })
  return tab
}

/** What is left of each key in the end, in stores of all lanes and at the collector. */
const leftOf = async (browser, lab, lanes) => {
  const left = new Set([...lab.arrivals.keys()])
  for (const lane of lanes) {
    const tab = await browser.open(`${lane}/page`)
    const found = await tab.evaluate(keysOf, DATABASES)
    for (const [store, keys] of Object.entries(found)) for (const key of keys) left.add(`${key} ${store}`)
    await tab.close()
  }
  return left
}

const rowsOf = (ending, keys, left) =>
  ['localStorage', ...Object.keys(DATABASES), ...SENDS].map((way) => ({
    what: `${ending}: ${way}`,
    n: keys.length,
    left: keys.filter((key) => left.has(`${key} ${way}`)).length,
  }))

const leave = {
  'tab closed at once': ({ tab }) => tab.close(),
  'gone to another page at once': async ({ tab, lane }) => {
    await tab.goto(`${lane}/after`)
    await tab.close()
  },
}

/** The page writes, and is left by what comes right behind: the browser has both before it has answered the first. */
const pageLeft = async ({ engine, lab, n }) =>
  inBrowser(engine.launch, async (browser) => {
    const rows = []
    const lanes = lab.lanes.slice(0, 4)
    for (const [way, go] of Object.entries(leave)) {
      const keys = []
      const job = async (lane) => {
        const key = lab.newId()
        const tab = await openArmed({ browser, lab, lane })
        const written = tab.evaluate((name) => void globalThis.put(name), key).catch(() => {})
        await go({ tab, lane })
        await Promise.race([written, sleep(500)])
        keys.push(key)
      }
      await inLanes(lanes, Array(n).fill(job))
      await sleep(2000)
      rows.push(...rowsOf(way, keys, await leftOf(browser, lab, lanes)))
    }
    return rows
  })

const MOMENTS = { 'in the same task': undefined, 'in the next task': 0, 'after 10 ms': 10, 'after 50 ms': 50 }

/** The process that shows the page is killed behind the write, while the browser goes on. */
const pageKilled = async ({ engine, lab, n, say }) => {
  const profile = newProfile()
  try {
    return await inBrowser(
      () => engine.launchLasting(profile, lab),
      async (browser) => {
        const rows = []
        const lanes = lab.lanes.slice(0, 1)
        for (const [moment, after] of Object.entries(MOMENTS)) {
          const keys = []
          const job = async (lane) => {
            const key = lab.newId()
            const tab = await openArmed({ browser, lab, lane, name: key })
            const pid = await processOf(tab, browser)
            const dead = new Promise((resolve) => lab.hooks.set(key, () => resolve(kill(pid))))
            tab.evaluate((...args) => globalThis.putAndCall(...args), key, after).catch(() => {})
            await Promise.race([dead, sleep(5000).then(() => Promise.reject(new Error('the page did not call')))])
            keys.push(key)
            await sleep(100)
          }
          // One after the other: which process is whose shows by who computes.
          await inLanes(lanes, Array(n).fill(job))
          await sleep(2000)
          rows.push(...rowsOf(`page killed ${moment}`, keys, await leftOf(browser, lab, lanes)))
          say(`page killed ${moment}: ${keys.length} of ${n}`)
        }
        return rows
      },
    )
  } finally {
    removeProfile(profile)
  }
}

/** How long before the end of the browser something was written, in ms. */
const AGES = [6500, 2000, 500, 50, 0]
const SIDE_BY_SIDE = 4

const oneKill = async ({ engine, lab, profile }) => {
  const browser = await engine.launchLasting(profile, lab)
  const key = lab.newId()
  const tabs = []
  for (const lane of lab.lanes.slice(0, AGES.length)) tabs.push(await openArmed({ browser, lab, lane, name: key }))
  const dead = new Promise((resolve) => lab.hooks.set(key, () => resolve(browser.killAll())))
  for (const [index, tab] of tabs.entries()) {
    const args = [`${key}-${AGES[index]}`, AGES[index] === 0 ? undefined : 1_000_000]
    const written = tab.evaluate((...given) => globalThis.putAndCall(...given), ...args).catch(() => {})
    if (index < tabs.length - 1) await Promise.all([written, sleep(AGES[index] - AGES[index + 1])])
  }
  await dead
  return key
}

/** All processes of the browser are killed, and it is started again with the same store. */
const browserKilled = async ({ engine, lab, n, say }) => {
  const keys = []
  const left = new Set()
  const profiles = Array.from({ length: SIDE_BY_SIDE }, newProfile)
  const job = async (profile) => {
    keys.push(await oneKill({ engine, lab, profile }))
    say(`browser killed ${keys.length} of ${n} times`)
  }
  try {
    await inLanes(profiles, Array(n).fill(job))
    for (const profile of profiles) {
      const launch = () => engine.launchLasting(profile, lab)
      const found = await inBrowser(launch, (browser) => leftOf(browser, lab, lab.lanes.slice(0, AGES.length)))
      for (const key of found) left.add(key)
    }
  } finally {
    for (const profile of profiles) removeProfile(profile)
  }
  return AGES.toReversed().flatMap((age) => {
    const ages = keys.map((key) => `${key}-${age}`)
    return rowsOf(`browser killed ${age ? `after ${age} ms` : 'in the same task'}`, ages, left)
  })
}

const run = async ({ engine, lab, n, say }) => {
  const rows = []
  for (const end of [pageLeft, pageKilled, browserKilled]) {
    rows.push(...(await end({ engine, lab, n, say })))
    say(`${end.name} is done`)
  }
  return engine.name === 'chromium' ? rows : rows.filter(({ what }) => !what.endsWith('fetchLater'))
}

export const endings = {
  title: 'What is left in the end of a notification that was stored and sent right before, of so many',
  n: 40,
  run,
  cell: ({ left, n }) => `${left}/${n}`,
}

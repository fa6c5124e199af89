import { setTimeout as sleep } from 'node:timers/promises'

const DATABASES = { idb: 'default', relaxed: 'relaxed' }

/** Opens what the writes need; leaves `put(key)` in the page, which starts all three writes in one task. */
const arm = async (databases, name) => {
  const opened = {}
  for (const database of Object.keys(databases)) {
    opened[database] = await new Promise((resolve, reject) => {
      const request = indexedDB.open(`exits-${database}`)
      request.onupgradeneeded = () => request.result.createObjectStore('records')
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  }
  const record = 'r'.repeat(500)
  const write = {
    local: (key) => localStorage.setItem(key, record),
    ...Object.fromEntries(
      Object.entries(databases).map(([database, durability]) => [
        database,
        (key) =>
          void opened[database]
            .transaction('records', 'readwrite', { durability })
            .objectStore('records')
            .put(record, key),
      ]),
    ),
  }
  globalThis.put = (key) => {
    for (const store of Object.values(write)) store(key)
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
      if (after === 'same task') call()
      else setTimeout(call, after)
    })
  }
}

/** Which of the keys are there, per store. */
const keysOf = async (databases) => {
  const found = { local: Object.keys(localStorage) }
  for (const database of Object.keys(databases)) {
    found[database] = await new Promise((resolve, reject) => {
      const request = indexedDB.open(`exits-${database}`)
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

const count = (found, prefix) =>
  Object.fromEntries(
    Object.entries(found).map(([store, keys]) => [store, keys.filter((key) => key.startsWith(prefix)).length]),
  )

/** The browser is killed `after` ms behind the write, and started again; n times. */
const browserKills = async ({ engine, lab, after, n }) => {
  const profile = engine.folder()
  const prefix = `kill-${after}-`
  let found
  try {
    for (let index = 0; index < n; index++) {
      const browser = await engine.relaunch(profile, lab)
      await browser.tab.evaluate(arm, DATABASES, prefix)
      const dead = new Promise((resolve) => lab.hooks.set(prefix, () => resolve(browser.killAll())))
      await sleep(100)
      browser.tab.evaluate((...args) => globalThis.putAndCall(...args), `${prefix}${index}`, after).catch(() => {})
      await dead
    }
    const browser = await engine.relaunch(profile, lab)
    found = await browser.tab.evaluate(keysOf, DATABASES)
    await browser.close()
  } finally {
    engine.remove(profile)
  }
  return count(found, prefix)
}

/** All processes that show pages are killed behind the write, while the browser goes on. */
const rendererKills = async ({ engine, lab, after, n }) => {
  const profile = engine.folder()
  const prefix = `crash-${after}-`
  const browser = await engine.relaunch(profile, lab)
  let found
  try {
    for (let index = 0; index < n; index++) {
      const tab = await browser.open(`${lab.site}/victim`)
      await tab.evaluate(arm, DATABASES, prefix)
      await sleep(50)
      const dead = new Promise((resolve) =>
        lab.hooks.set(prefix, () => {
          browser.killRenderers()
          resolve()
        }),
      )
      tab.evaluate((...args) => globalThis.putAndCall(...args), `${prefix}${index}`, after).catch(() => {})
      await dead
      await sleep(150)
    }
    const tab = await browser.open(`${lab.site}/reader`)
    found = await tab.evaluate(keysOf, DATABASES)
  } finally {
    await browser.close()
    engine.remove(profile)
  }
  return count(found, prefix)
}

const leave = {
  close: ({ tab }) => tab.close(),
  navigation: async ({ tab, lab }) => {
    await tab.goto(`${lab.site}/after`)
    await tab.close()
  },
}

/** The page writes, and is left at once by the same script. */
const exits = async ({ browser, lab, way, n }) => {
  const prefix = `${way}-`
  for (let index = 0; index < n; index++) {
    const tab = await browser.open(`${lab.site}/writer`)
    await tab.evaluate(arm, DATABASES, prefix)
    await sleep(50)
    // Both are under way before the browser has answered the first.
    const written = tab.evaluate((key) => globalThis.put(key), `${prefix}${index}`).catch(() => {})
    await leave[way]({ tab, lab })
    await Promise.race([written, sleep(500)])
  }
  const tab = await browser.open(`${lab.site}/reader`)
  const found = await tab.evaluate(keysOf, DATABASES)
  await tab.close()
  return count(found, prefix)
}

export const measureSurvival = { browserKills, rendererKills, exits }

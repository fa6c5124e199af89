import { inBrowser, median } from './lanes.mjs'

const SAMPLES = 40
/** Clocks of pages are coarse, so that so many writes are measured as one. */
const TIMES = 100
const SMALL = 600
const LARGE = 8_000

/** Milliseconds that the page's thread was kept by `times` runs of each way, of one task each; ends when all is stored. */
const measure = async ({ samples, times, small, large }) => {
  const open = (name) =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open(name)
      request.onupgradeneeded = () => request.result.createObjectStore('records')
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  const database = await open('cost')
  const puts = (durability) => (text, key) =>
    new Promise((resolve) => {
      const transaction = database.transaction('records', 'readwrite', { durability })
      transaction.objectStore('records').put(text, key)
      transaction.oncomplete = resolve
    })
  const arm = (text) => {
    const controller = new AbortController()
    globalThis.fetchLater?.('/taken', { method: 'POST', body: text, signal: controller.signal })
    controller.abort()
  }
  const ways = {
    localStorage: (text, key) => localStorage.setItem(key, text),
    'IndexedDB, default': puts('default'),
    'IndexedDB, relaxed': puts('relaxed'),
    ...(globalThis.fetchLater && { 'fetchLater and its end': arm }),
  }
  const taken = {}
  for (const [way, go] of Object.entries(ways)) {
    for (const [what, size] of Object.entries({ small, large })) {
      const sample = []
      taken[`${way}, ${what}`] = sample
      for (let count = 0; count < samples; count++) {
        const texts = Array.from({ length: times }, (_, index) => `${count} ${index} `.padEnd(size, 'r'))
        const started = performance.now()
        const done = texts.map((text, index) => go(text, what === 'large' ? 'page' : `key ${index}`))
        const kept = performance.now() - started
        await Promise.all(done)
        sample.push({ kept, stored: performance.now() - started })
        await new Promise((go) => setTimeout(go, 5))
      }
    }
  }
  return taken
}

const NAMES = { small: `a record of ${SMALL} B`, large: `one of ${LARGE} B, written anew` }

const run = ({ engine, lab }) =>
  inBrowser(engine.launch, async (browser) => {
    const tab = await browser.open(`${lab.site}/isolated`)
    const taken = await tab.evaluate(measure, { samples: SAMPLES, times: TIMES, small: SMALL, large: LARGE })
    return Object.entries(taken).map(([way, samples]) => {
      const each = (key) => Math.round((median(samples.map((sample) => sample[key])) * 1000) / TIMES)
      const what = way.replace(/small|large/, (word) => NAMES[word])
      return { what, n: SAMPLES * TIMES, kept: each('kept'), stored: each('stored') }
    })
  })

export const cost = {
  title: 'Microseconds that a page is kept by a write, and until it is stored, median',
  run,
  cell: ({ kept, stored }) => `${kept} (${stored})`,
}

import { setTimeout as sleep } from 'node:timers/promises'

/** What is sent when: each is a page of its own, so that none stands in another's way. */
export const MODES = {
  'beacon@hidden': 'hidden:beacon',
  'keepalive@hidden': 'hidden:keepalive',
  'beacon@pagehide': 'pagehide:beacon',
  'keepalive@pagehide': 'pagehide:keepalive',
  'first: keepalive@hidden, beacon@pagehide': 'first:mixed',
  'first: beacon, else keepalive': 'first:beacon',
  'beacon@freeze': 'freeze:beacon',
}

export const WAYS = ['tab close', 'same-origin navigation', 'cross-site navigation']

const arm = ({ url, when, how, size }) => {
  const body = 'n'.repeat(size)
  const keepalive = () => void fetch(url, { method: 'POST', body, keepalive: true }).catch(() => {})
  const beacon = () => navigator.sendBeacon(url, body) || keepalive()
  let isDone = false
  const on = (event) => {
    if (isDone) return
    isDone = true
    if (how === 'keepalive' || (how === 'mixed' && event === 'hidden')) keepalive()
    else beacon()
  }
  const isWanted = (event) => when === 'first' || when === event
  if (isWanted('hidden')) {
    document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && on('hidden'))
  }
  if (isWanted('pagehide')) addEventListener('pagehide', () => on('pagehide'))
  if (when === 'freeze') document.addEventListener('freeze', () => on('freeze'))
}

/** Each event in its turn; the number tells the order, whatever arrives first. */
const tell = ({ url, before }) => {
  let count = 0
  const log = (name) => navigator.sendBeacon(`${url}-${count++}`, name)
  if (before) addEventListener('beforeunload', () => log('beforeunload'))
  addEventListener('pagehide', ({ persisted }) => log(persisted ? 'pagehide(cached)' : 'pagehide'))
  document.addEventListener('visibilitychange', () => log(document.visibilityState))
  document.addEventListener('freeze', () => log('freeze'))
}

const leave = async ({ tab, lane, way, lab }) => {
  if (way === 'tab close') return tab.close()
  await tab.goto(way === 'same-origin navigation' ? `${lane}/after` : `${lab.elsewhere}/after`)
  await tab.close()
}

const live = async ({ browser, lane, lab, way, script, beside }) => {
  const tab = await browser.open(`${lane}/page`, beside)
  await script(tab)
  await sleep(100 + Math.random() * 200)
  await leave({ tab, lane, way, lab })
}

/** Runs the jobs in lanes side by side; a job that fails is told, and is none. */
const inLanes = async (lanes, jobs) => {
  const failures = []
  const waiting = [...jobs]
  await Promise.all(
    lanes.map(async (lane) => {
      while (waiting.length > 0) {
        const job = waiting.shift()
        await job(lane).catch((error) => failures.push(error.message))
      }
    }),
  )
  return failures
}

/** A window per lane with a tab that stays, so that what closes is a visible tab among others. */
const withWindows = async (browser, lab, count) => {
  const lanes = []
  for (const lane of lab.lanes.slice(0, count)) {
    lanes.push({ lane, beside: browser.hasTabs ? await browser.open('about:blank') : undefined })
  }
  return lanes
}

/** Counts what did not arrive, per way of leaving and mode: half of them at a collector that takes 300 ms to answer. */
export const losses = async ({ browser, lab, n, progress, modes = Object.keys(MODES) }) => {
  const lanes = await withWindows(browser, lab, browser.lanes)
  const rows = []
  for (const way of WAYS) {
    for (const mode of modes) {
      const [when, how] = MODES[mode].split(':')
      const ids = Array.from({ length: n }, (_, index) =>
        `${browser.version}|${way}|${mode}|${index}`.replace(/[^\w|]/g, '_'),
      )
      const alive = new Set(ids)
      const jobs = ids.map((id, index) => async ({ lane, beside }) => {
        const url = lab.url(id, index % 2 ? 300 : 0)
        const script = (tab) => tab.evaluate(arm, { url, when, how, size: 300 })
        alive.delete(id)
        await live({ browser, lane, lab, way, script, beside })
        alive.add(id)
      })
      const failures = await inLanes(lanes, jobs)
      await sleep(700)
      const lived = [...alive]
      const lost = lived.filter((id) => !lab.arrivals.has(id)).length
      const twice = lived.filter((id) => lab.arrivals.get(id)?.length > 1).length
      rows.push({ way, mode, n: lived.length, lost, twice, failure: failures[0] })
      progress(`${way}, ${mode}: ${lost} of ${lived.length} lost${failures.length ? `, ${failures[0]}` : ''}`)
    }
  }
  for (const { beside } of lanes) await beside?.close()
  return rows
}

/** In which order the events come, per way of leaving: each order with how often it was seen. */
export const orders = async ({ browser, lab, n }) => {
  const lanes = await withWindows(browser, lab, 1)
  const rows = []
  for (const way of WAYS) {
    const counts = {}
    for (let index = 0; index < n; index++) {
      // Some engines leave in another way when somebody listens to beforeunload.
      const before = index % 2 === 1
      const id = `${browser.version}|${way}|order|${index}`.replace(/[^\w|]/g, '_')
      await live({
        browser,
        lab,
        way,
        ...lanes[0],
        script: (tab) => tab.evaluate(tell, { url: `${lab.collector}/c?id=${id}`, before }),
      })
      await sleep(150)
      const names = [0, 1, 2, 3, 4, 5].map((step) => lab.arrivals.get(`${id}-${step}`)?.[0].body)
      const order = names
        .slice(0, names.findLastIndex(Boolean) + 1)
        .map((name) => name ?? '(lost)')
        .join(' > ')
      counts[order] = (counts[order] ?? 0) + 1
    }
    rows.push({ way, counts })
  }
  for (const { beside } of lanes) await beside?.close()
  return rows
}

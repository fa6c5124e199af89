import { setTimeout as sleep } from 'node:timers/promises'
import { inBrowser, inLanes } from './lanes.mjs'

/** What is sent when: each in a page of its own, so that none stands in another's way. */
const MODES = {
  'keepalive at hidden, or beacon at pagehide': { when: 'first', how: 'mixed' },
  'beacon at pagehide': { when: 'pagehide', how: 'beacon' },
  'keepalive at pagehide': { when: 'pagehide', how: 'keepalive' },
  'beacon at hidden': { when: 'hidden', how: 'beacon' },
  'keepalive at hidden': { when: 'hidden', how: 'keepalive' },
  'beacon at unload': { when: 'unload', how: 'beacon' },
}

/** Nobody closes a page that has just come. */
const moveOn = async (tab, url) => {
  await tab.goto(url)
  await sleep(500)
  await tab.close()
}

const leave = {
  'tab closed': ({ tab }) => tab.close(),
  'hidden, then closed': async ({ tab }) => {
    await tab.hide()
    await sleep(100)
    await tab.close()
  },
  'gone to the same site': ({ tab, lane }) => moveOn(tab, `${lane}/after`),
  'gone to another site': ({ tab, lab }) => moveOn(tab, `${lab.elsewhere}/after`),
}

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
  const isWanted = (event) => when === event || (when === 'first' && event !== 'unload')
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && isWanted('hidden')) on('hidden')
  })
  for (const event of ['pagehide', 'unload']) if (isWanted(event)) addEventListener(event, () => on(event))
}

/** Each event in its turn; the number tells the order, whatever arrives first. */
const tell = ({ url, before }) => {
  let count = 0
  const log = (name) => navigator.sendBeacon(`${url}-${count++}`, name)
  if (before) addEventListener('beforeunload', () => log('beforeunload'))
  addEventListener('pagehide', () => log('pagehide'))
  document.addEventListener('visibilitychange', () => log(document.visibilityState))
  document.addEventListener('freeze', () => log('freeze'))
}

/** A page that lives for a moment, and is left. */
const live = async ({ browser, lane, lab, way, script, beside }) => {
  const tab = await browser.open(`${lane}/page`, beside)
  await script(tab)
  await sleep(50 + Math.random() * 150)
  await leave[way]({ tab, lane, lab })
}

/** A window per lane with a tab that stays, so that what closes is a visible tab among others. */
const openLanes = async (browser, lab, count) => {
  const lanes = []
  for (const lane of lab.lanes.slice(0, count)) {
    lanes.push({ lane, beside: browser.hasTabs ? await browser.open('about:blank') : undefined })
  }
  return lanes
}

/** Half of them are sent to a collector that takes 300 ms to answer. */
const lossesOf = async ({ browser, lab, n, lanes, way, mode }) => {
  const ids = lab.newIds(n)
  const jobs = ids.map((_, index) => async ({ lane, beside }) => {
    // A page that was to be left once more is another one.
    if (lab.arrivals.has(ids[index])) ids[index] = lab.newId()
    const url = lab.url(ids[index], index % 2 ? 300 : 0)
    const script = (tab) => tab.evaluate(arm, { url, size: 300, ...MODES[mode] })
    await live({ browser, lane, lab, way, script, beside })
  })
  const failures = await inLanes(lanes, jobs)
  await sleep(700)
  const twice = ids.filter((id) => lab.arrivals.get(id)?.length > 1).length
  return { n: n - failures.length, lost: n - lab.arrived(ids) - failures.length, twice, failure: failures[0] }
}

const ways = async ({ browser, lab, n, say, names, suffix = '' }) => {
  const lanes = await openLanes(browser, lab, 4)
  const rows = []
  for (const way of names) {
    for (const mode of Object.keys(MODES)) {
      const row = { what: `${way}${suffix}: ${mode}`, ...(await lossesOf({ browser, lab, n, lanes, way, mode })) }
      rows.push(row)
      say(`${row.what}: ${row.lost} of ${row.n} lost${row.failure ? `, ${row.failure}` : ''}`)
    }
  }
  return rows
}

const runWays = async ({ engine, lab, n, say }) => {
  const names = Object.keys(leave)
  const rows = await inBrowser(engine.launch, (browser) => ways({ browser, lab, n, say, names }))
  if (engine.name !== 'firefox') return rows
  // The worst that Firefox may do: a site that nobody else has open.
  const alone = await inBrowser(
    () => engine.launch({ isProcessPerTab: true }),
    (browser) => ways({ browser, lab, n, say, names: ['tab closed'], suffix: ' with its process' }),
  )
  return [...rows, ...alone]
}

const orderOf = (lab, id) => {
  const names = [0, 1, 2, 3, 4, 5].map((step) => lab.arrivals.get(`${id}-${step}`)?.[0].body)
  return names
    .slice(0, names.findLastIndex(Boolean) + 1)
    .map((name) => name ?? '(lost)')
    .join(', ')
}

/** Each order with how often it was seen. */
const runOrders = ({ engine, lab, n, say }) =>
  inBrowser(engine.launch, async (browser) => {
    const lanes = await openLanes(browser, lab, 1)
    const rows = []
    for (const way of Object.keys(leave)) {
      const counts = {}
      for (let index = 0; index < n; index++) {
        const id = lab.newId()
        // Some engines leave in another way when somebody listens to beforeunload.
        const details = { url: lab.url(id), before: index % 2 === 1 }
        await live({ browser, lab, way, ...lanes[0], script: (tab) => tab.evaluate(tell, details) })
        await sleep(150)
        const order = orderOf(lab, id)
        counts[order] = (counts[order] ?? 0) + 1
      }
      say(`${way}: ${Object.keys(counts).join('; ')}`)
      rows.push({ what: way, counts })
    }
    return rows
  })

export const orders = {
  title: 'Which events a page sees when it is left; half of the pages listen to beforeunload too',
  n: 10,
  run: runOrders,
  cell: ({ counts }) =>
    Object.entries(counts)
      .map(([order, count]) => `${count}x ${order || 'none'}`)
      .join('; '),
}

export const losses = {
  title: 'What does not arrive, of so many, when it is sent at an event of a page that is left',
  n: 40,
  run: runWays,
  cell: ({ lost, n, twice }) => `${lost}/${n}${twice ? `, ${twice} twice` : ''}`,
}

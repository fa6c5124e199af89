import { setTimeout as sleep } from 'node:timers/promises'
import { inBrowser, inLanes } from './lanes.mjs'

/** Arms a call that leaves when the page ends; `takeBack` takes it back. */
const arm = ({ url, size }) => {
  const controller = new AbortController()
  globalThis.fetchLater(url, { method: 'POST', body: 'n'.repeat(size), signal: controller.signal })
  globalThis.takeBack = () => controller.abort()
}

/** Each with what happens before the end, which must not make it leave. */
const CASES = {
  'armed, tab closed': {},
  'armed, gone to another page that stays': { end: ({ tab, lane }) => tab.goto(`${lane}/after`) },
  'armed and hidden for 2 s, tab closed': {
    before: async ({ tab }) => {
      await tab.hide()
      await sleep(2000)
    },
  },
  'armed and taken back, tab closed': { before: ({ tab }) => tab.evaluate(() => globalThis.takeBack()) },
}

const one = async ({ browser, lab, lane, id, before, end }) => {
  const tab = await browser.open(`${lane}/page`)
  await tab.evaluate(arm, { url: lab.url(id), size: 600 })
  await sleep(100)
  await before?.({ tab })
  const isEarly = lab.arrivals.has(id)
  await (end ? end({ tab, lane }) : tab.close())
  await sleep(500)
  if (end) await tab.close()
  return isEarly
}

const ends = async ({ browser, lab, n, say }) => {
  const rows = []
  for (const [what, steps] of Object.entries(CASES)) {
    const ids = []
    let early = 0
    const job = async (lane) => {
      const id = lab.newId()
      if (await one({ browser, lab, lane, id, ...steps })) early++
      ids.push(id)
    }
    await inLanes(lab.lanes.slice(0, 4), Array(n).fill(job))
    rows.push({ what, n: ids.length, arrived: lab.arrived(ids), early })
    say(`${what}: ${rows.at(-1).arrived} of ${ids.length}`)
  }
  return rows
}

/** What the page can do while calls are armed: how many bytes fit, and what is left for the exits. */
const fill = async ({ urls, size }) => {
  const body = 'n'.repeat(size)
  const controllers = []
  const more = (url) => {
    const controller = new AbortController()
    globalThis.fetchLater(url, { method: 'POST', body, signal: controller.signal })
    controllers.push(controller)
  }
  const fits = (url, most) => {
    let count = 0
    try {
      for (; count < most; count++) more(url)
    } catch {
      // The quota is used up.
    }
    return count * size
  }
  const [later, beacon, keepalive] = urls
  const armed = fits(later, 100)
  const large = 'n'.repeat(60_000)
  const isBeaconTaken = navigator.sendBeacon(beacon, large)
  await new Promise((go) => setTimeout(go, 1000))
  const answered = await fetch(keepalive, { method: 'POST', body: large, keepalive: true }).then(
    () => true,
    () => false,
  )
  for (const controller of controllers) controller.abort()
  return { armed, isBeaconTaken, answered }
}

const quota = async ({ browser, lab }) => {
  const tab = await browser.open(`${lab.site}/page`)
  const { armed, isBeaconTaken, answered } = await tab.evaluate(fill, {
    urls: lab.newIds(3).map((id) => lab.url(id)),
    size: 1_000,
  })
  await tab.close()
  const yes = (is) => (is ? 'yes' : 'no')
  return [
    { what: 'bytes that may be armed for one address, in bodies of 1 kB', value: String(armed) },
    { what: 'a beacon of 60 kB is taken beside them', value: yes(isBeaconTaken) },
    { what: 'a fetch with keepalive of 60 kB is taken beside them', value: yes(answered) },
  ]
}

const run = ({ engine, ...rest }) =>
  inBrowser(engine.launch, async (browser) => [
    ...(await ends({ browser, ...rest })),
    ...(await quota({ browser, ...rest })),
  ])

export const later = {
  title: 'What arrives of calls that were armed with fetchLater, of so many',
  engines: ['chromium'],
  n: 40,
  run,
  cell: ({ arrived, early, n, value }) => value ?? `${arrived}/${n}${early ? `, ${early} before the end` : ''}`,
}

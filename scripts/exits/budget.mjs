import { setTimeout as sleep } from 'node:timers/promises'
import { inBrowser } from './lanes.mjs'

const NOTIFICATION = 3_000
const PER_BATCH = 20

/** Hands over everything at once when the page is left. */
const arm = ({ urls, how, size }) => {
  const body = 'n'.repeat(size)
  addEventListener('pagehide', () => {
    for (const url of urls) {
      if (how !== 'keepalive' && navigator.sendBeacon(url, body)) continue
      if (how !== 'beacon') void fetch(url, { method: 'POST', body, keepalive: true }).catch(() => {})
    }
  })
}

const HOWS = ['beacon', 'keepalive', 'beacon, else keepalive']

const CASES = {
  '60 of 3 kB in calls of 20': { calls: 3, size: PER_BATCH * NOTIFICATION, each: PER_BATCH },
  '60 of 3 kB in calls of 1': { calls: 60, size: NOTIFICATION, each: 1 },
  '200 of 1 B in calls of 1': { calls: 200, size: 1, each: 1 },
}

/** Waits until nothing more comes: connections are few, so that what is many comes one after the other. */
const settled = async (lab, ids) => {
  for (let before = -1; before < lab.arrived(ids); ) {
    before = lab.arrived(ids)
    if (before < ids.length) await sleep(2000)
  }
}

const leaveWith = async ({ browser, lab, how, calls, size }) => {
  const ids = lab.newIds(calls)
  const tab = await browser.open(`${lab.site}/page`)
  await tab.evaluate(arm, { urls: ids.map((id) => lab.url(id, 300)), how, size })
  await sleep(100)
  await tab.goto(`${lab.site}/after`)
  await settled(lab, ids)
  await tab.close()
  return lab.arrived(ids)
}

const run = ({ engine, lab, n, say }) =>
  inBrowser(engine.launch, async (browser) => {
    const rows = []
    for (const [what, { calls, size, each }] of Object.entries(CASES)) {
      for (const how of HOWS) {
        const arrived = []
        for (let count = 0; count < n; count++) {
          arrived.push((await leaveWith({ browser, lab, how, calls, size })) * each)
        }
        rows.push({
          what: `${what}: ${how}`,
          of: calls * each,
          least: Math.min(...arrived),
          most: Math.max(...arrived),
        })
        say(`${rows.at(-1).what}: ${arrived.join(', ')}`)
      }
    }
    return rows
  })

export const budget = {
  title: 'How many notifications arrive when many are handed over at once at pagehide, collector answers after 300 ms',
  n: 1,
  run,
  cell: ({ least, most, of }) => `${least === most ? least : `${least} to ${most}`} of ${of}`,
}

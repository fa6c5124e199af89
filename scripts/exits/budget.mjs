import { setTimeout as sleep } from 'node:timers/promises'

const BATCHES = 3
const PER_BATCH = 20
const NOTIFICATION = 3_000
const TINY = 200

/** Hands over everything at once when the page is left. */
const arm = ({ urls, how, size }) => {
  const body = 'n'.repeat(size)
  addEventListener('pagehide', () => {
    for (const url of urls) {
      const keepalive = () => void fetch(url, { method: 'POST', body, keepalive: true }).catch(() => {})
      if (how === 'keepalive only' || !navigator.sendBeacon(url, body)) {
        if (how !== 'beacon only') keepalive()
      }
    }
  })
}

const WAYS = ['beacon only', 'keepalive only', 'beacon, then keepalive']

const idsOf = (browser, name, length) =>
  Array.from({ length }, (_, index) => `${browser.version}|${name}|${index}`.replace(/[^\w|]/g, '_'))

const leaveWith = async ({ browser, lab, how, ids, size }) => {
  const tab = await browser.open(`${lab.site}/page`)
  const urls = ids.map((id) => lab.url(id, 300))
  await tab.evaluate(arm, { urls, how, size })
  await sleep(100)
  await tab.goto(`${lab.site}/after`)
  // Connections are few, so that what is many comes one after the other.
  await sleep(1500 + ids.length * 60)
  await tab.close()
  return ids.filter((id) => lab.arrivals.has(id)).length
}

/** Of 60 notifications of 3 KB in batches of 20, and of single ones: how many arrive. */
const leaving = async ({ browser, lab }) => {
  const rows = []
  for (const how of WAYS) {
    const batches = idsOf(browser, `batch ${how}`, BATCHES)
    const inBatches = await leaveWith({ browser, lab, how, ids: batches, size: PER_BATCH * NOTIFICATION })
    const singles = idsOf(browser, `single ${how}`, BATCHES * PER_BATCH)
    const alone = await leaveWith({ browser, lab, how, ids: singles, size: NOTIFICATION })
    rows.push({ how, inBatches: inBatches * PER_BATCH, alone })
  }
  return rows
}

/** Tiny ones at once from a page that stays: which of them are refused. */
const crowd = ({ urls, how }) => {
  if (how === 'beacon') return urls.filter((url) => navigator.sendBeacon(url, 'n')).length
  const one = (url) => fetch(url, { method: 'POST', body: 'n', keepalive: true })
  return Promise.allSettled(urls.map(one)).then(
    (results) => results.filter(({ status }) => status === 'fulfilled').length,
  )
}

const crowds = async ({ browser, lab }) => {
  const tab = await browser.open(`${lab.site}/page`)
  const rows = []
  for (const how of ['keepalive', 'beacon']) {
    const ids = idsOf(browser, `crowd ${how}`, TINY)
    const taken = await tab.evaluate(crowd, { urls: ids.map((id) => lab.url(id, 20)), how })
    await sleep(1500)
    rows.push({ how, of: TINY, taken, arrived: ids.filter((id) => lab.arrivals.has(id)).length })
  }
  await tab.close()
  return rows
}

const tinyLeaving = async ({ browser, lab }) => {
  const rows = []
  for (const how of ['keepalive only', 'beacon only']) {
    const ids = idsOf(browser, `tiny ${how}`, TINY)
    rows.push({ how, of: TINY, arrived: await leaveWith({ browser, lab, how, ids, size: 1 }) })
  }
  return rows
}

export const measureBudget = { leaving, crowds, tinyLeaving }

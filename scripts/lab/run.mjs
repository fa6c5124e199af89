// Opens a page once, and tells what was seen of it: by the page itself, by the browser, and by the edge.
import { setTimeout as sleep } from 'node:timers/promises'
import { PredefinedNetworkConditions } from 'puppeteer-core'
import { LOOKS, none } from './faults.mjs'
import { openStage, SHOP } from './stage.mjs'
import { startTrace } from './trace.mjs'

/** A phone: Lighthouse's and the developer tools' numbers. */
export const PACE = { cpu: 4, network: PredefinedNetworkConditions['Slow 4G'] }

const POLL = 50
/** For what is still sent after all is seen, in ms. */
const SETTLE = 2_000
/** For what is still on its way when a visitor is gone. */
const GONE = 4_000
/** For displays that are told late. */
const LATE = 5_000

const throttle = async (session) => {
  const { latency, download, upload } = PACE.network
  const network = { offline: false, latency, downloadThroughput: download, uploadThroughput: upload }
  await session.send('Network.emulateNetworkConditions', network)
  await session.send('Emulation.setCPUThrottlingRate', { rate: PACE.cpu })
}

const countBytes = (session) => {
  const bytes = { down: 0 }
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes.down += encodedDataLength
  })
  return bytes
}

/** A page that is being left answers with an error. */
const ask = (page, question, ...args) => page.evaluate(question, ...args).catch(() => undefined)

const until = async (condition, deadline) => {
  while (performance.now() < deadline) {
    if (await condition()) return
    await sleep(POLL)
  }
}

/** What the page has written down; a page that was left has put it where the next one finds it. */
const labOf = (page) =>
  page.evaluate(() => JSON.parse(sessionStorage.lab ?? JSON.stringify({ ...lab, inPage: lab.inPage() })))

const isSeen = (page, count) => ask(page, (count) => Object.keys(lab.seen).length === count, count)

/** One page load at the pace of a phone. Whoever `isTraced` is a little slower, and tells how long its script runs. */
export const measureOnce = async ({ contender, browser, isTraced }) => {
  const stage = await openStage({ contender, fault: none, browser })
  const { page, session, edge, count } = stage
  try {
    await throttle(session)
    const bytes = countBytes(session)
    const trace = isTraced && (await startTrace(page, session))
    await page.goto(SHOP, { waitUntil: 'load', timeout: 30_000 })
    if (!contender.isBare) await until(() => isSeen(page, count), performance.now() + 12_000)
    await sleep(SETTLE)
    const times = trace && (await trace.end())
    const requests = stage.requests()
    return { ...(await labOf(page)), ...times, down: bytes.down, up: edge.sent, requests, preflights: edge.preflights }
  } finally {
    await stage.close()
  }
}

const shownIn = ({ seen, inPage }) => inPage.filter((name) => name in seen)

/** Displays that were told, and those of offers that a visitor saw. */
const displaysOf = ({ displays }, lab) => {
  const shown = shownIn(lab)
  return {
    told: displays.length,
    shown: shown.length,
    untrue: displays.filter((name) => !shown.includes(name)).length,
    lost: shown.filter((name) => !displays.includes(name)).length,
  }
}

const leave = async ({ page }, start) => {
  await until(() => ask(page, () => location.pathname === '/elsewhere'), start + 20_000)
  await sleep(GONE)
}

const stay = async ({ page }, start, looks) => {
  const hidden = []
  for (const at of looks) {
    await sleep(Math.max(0, start + at - performance.now()))
    hidden.push(await page.evaluate(() => lab.hidden()))
  }
  return hidden
}

/** What stays hidden at the moments `looks`, and which displays are told. */
export const breakOnce = async ({ contender, browser, fault, looks = LOOKS, isFast = false }) => {
  const stage = await openStage({ contender, fault, browser })
  const { page, session, edge } = stage
  try {
    if (!isFast) await throttle(session)
    const start = performance.now()
    await page.goto(SHOP, { waitUntil: 'domcontentloaded', timeout: 30_000 })
    const hidden = fault.hasToLeave ? await leave(stage, start) : await stay(stage, start, looks)
    const lab = await labOf(page)
    await until(() => edge.displays.length >= shownIn(lab).length, performance.now() + LATE)
    const { '#title': title = null, '#foot': rest = null } = lab.firstTime
    return { ...(hidden && { hidden, title, rest }), ...displaysOf(edge, lab) }
  } finally {
    await stage.close()
  }
}

// The ways in which a page and its network end. Each cell gets a stage and leaves the page that goes on running the SDK,
// if there is one.
import { setTimeout as sleep } from 'node:timers/promises'

const SLOW = { roundTrip: 300, handshake: 300 }
const FAST = { roundTrip: 20, handshake: 20 }
/** Bytes beside the event's name; the names and ids of an SDK come on top. */
const SMALL = 250
const LARGE = 2800

const slow = { network: SLOW, group: 'Leaving, 300 ms from the server', events: 20, pad: SMALL, endsPage: true }
const fast = { network: FAST, group: 'Trouble, 20 ms from the server', events: 20, pad: SMALL, keepsPages: true }
const large = { events: 60, pad: LARGE }

/** Tracks in the page and leaves it from there, as a click on a link does. */
const leave = async (page, plan) => {
  const run = ({ names, pad, after, to }) => {
    for (const name of names) globalThis.track(name, pad)
    if (after) setTimeout(() => location.assign(to), after)
    else location.assign(to)
  }
  // The answer may get lost with the page.
  await page.evaluate(run, plan).catch(() => {})
}

const leaveFor = async (stage, path, after = 0) => {
  const page = await stage.open('/page')
  await leave(page, { ...stage.events(), after, to: stage.url(path) })
  await stage.arrived(page, path)
  return page
}

const away =
  (after = 0) =>
  async (stage) => {
    await leaveFor(stage, '/elsewhere', after)
  }

const next = async (stage) => leaveFor(stage, '/next')

const close = async (stage) => {
  const page = await stage.open('/page')
  await stage.track(page)
  await page.close()
}

const hideAndKill = async (stage) => {
  const page = await stage.open('/page')
  await stage.track(page)
  await page.hide()
  await page.kill()
}

const crash = async (stage) => {
  const page = await stage.open('/page')
  await stage.track(page)
  await sleep(150)
  await page.kill()
  return stage.open('/next')
}

/** The page stays while something is wrong with the server. */
const stay = (trouble) => async (stage) => {
  const page = await stage.open('/page')
  trouble?.(stage.collector)
  await stage.track(page)
  return page
}

const socketDown = (collector) => {
  collector.down()
  setTimeout(() => collector.up(), 5_000)
}

const downThenNext = async (stage) => {
  const page = await stage.open('/page')
  stage.collector.down()
  await stage.track(page)
  await sleep(1_000)
  await page.goto(stage.url('/elsewhere'))
  stage.collector.up()
  await page.goto(stage.url('/next'))
  return page
}

const hideAndShow = async (stage) => {
  const page = await stage.open('/page')
  await stage.track(page)
  await page.hide()
  await sleep(500)
  await page.show()
  return page
}

const backAgain = async (stage) => {
  const page = await stage.open('/page')
  await page.evaluate(() => Object.assign(globalThis, { wasHere: true }) && undefined)
  await stage.track(page, 0, 9)
  await page.goto(stage.url('/elsewhere'))
  await sleep(500)
  await page.back()
  await stage.ready(page)
  if (!(await page.evaluate(() => 'wasHere' in globalThis))) stage.note('the page was loaded again')
  await stage.track(page, 9, 14)
  return page
}

const secondTab = async (stage) => {
  const page = await stage.open('/page')
  await stage.track(page)
  await stage.open('/next')
  return page
}

/** `needed` of the events must arrive, all unless told. `settle` is the time for that, and for copies to be seen, in ms. */
export const cells = [
  { ...slow, name: 'navigate', title: 'track, then navigate', act: away() },
  { ...slow, name: 'navigate-later', title: 'the same after 50 ms', act: away(50) },
  { ...slow, name: 'close', title: 'tab closed', act: close },
  { ...slow, name: 'killed', title: 'hidden, then killed', act: hideAndKill },
  { ...slow, ...large, name: 'large', title: '180 KB, then navigate', needed: 19, act: away() },
  { ...slow, name: 'next', title: 'navigate, next page', settle: 10_000, act: next },
  { ...slow, ...large, name: 'large-next', title: '180 KB, next page', settle: 10_000, act: next },
  { ...slow, name: 'crash', title: 'crash, opened again', settle: 10_000, act: crash },
  { ...fast, ...large, name: 'large-stay', title: '180 KB, page stays', act: stay() },
  { ...fast, name: 'socket', title: 'socket down for 5 s', act: stay(socketDown) },
  {
    ...fast,
    name: 'unavailable',
    title: '503 for 5 s',
    act: stay((collector) => collector.refuse({ status: 503, seconds: 5 })),
  },
  {
    ...fast,
    name: 'throttled',
    title: '429, Retry-After 6',
    act: stay((collector) => collector.refuse({ status: 429, seconds: 6, retryAfter: true })),
  },
  { ...fast, name: 'down-next', title: 'down, next page', settle: 10_000, endsPage: true, act: downThenNext },
  { ...fast, name: 'hide-show', title: 'hidden, shown again', events: 9, settle: 10_000, act: hideAndShow },
  { ...fast, name: 'back', title: 'back to a kept page', events: 14, settle: 10_000, act: backAgain },
  { ...fast, name: 'second-tab', title: 'second tab opened', events: 9, settle: 10_000, act: secondTab },
  { ...fast, name: 'burst', title: 'burst of 200', events: 200, act: stay() },
]

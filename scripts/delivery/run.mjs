// Runs one cell: a browser, a site and a collector of its own, and what arrived in the end.
import { setTimeout as sleep } from 'node:timers/promises'
import { openCollector } from './collector.mjs'
import { openSite } from './site.mjs'

/** Everything that can still come from a page that is gone, in ms. */
const GONE = 4_000
/** For a page that stays to get all through, and then for copies to be seen. */
const STAYS = 40_000
const COPIES = 4_000
/** Long enough for what left unanswered to be confirmed by the next page, which waits for 30 s. */
const CONFIRMED = 45_000
const POLL = 100

const createQueue = () => {
  let last = Promise.resolve()
  return (step) => {
    const turn = last.then(step)
    last = turn.catch(() => {})
    return turn
  }
}

/** What needs the whole machine, because its moments matter or its processes are looked at. */
const alone = createQueue()

const namesOf = (cell) => Array.from({ length: cell.events }, (_, index) => `evt-${cell.name}-${index + 1}`)

const waitFor = async (condition, timeout) => {
  const deadline = performance.now() + timeout
  while (performance.now() < deadline) {
    if (await condition()) return true
    await sleep(POLL)
  }
  return false
}

const createStage = ({ cell, browser, site, collector }) => {
  const notes = []
  const names = namesOf(cell)
  const ready = async (page) => {
    const isReady = () => page.evaluate(() => typeof globalThis.track === 'function').catch(() => false)
    if (!(await waitFor(isReady, 10_000))) throw new Error('the SDK was not ready within 10 s')
  }
  return {
    notes,
    collector,
    url: site.url,
    ready,
    note: (text) => notes.push(text),
    events: () => ({ names, pad: 'x'.repeat(cell.pad) }),
    async open(path) {
      const page = await browser.open(site.url(path))
      await ready(page)
      return page
    },
    async arrived(page, path) {
      const isThere = () =>
        page
          .evaluate((path) => location.pathname === path && document.readyState === 'complete', path)
          .catch(() => false)
      if (!(await waitFor(isThere, 10_000))) throw new Error(`${path} was not reached within 10 s`)
    },
    track: (page, from = 0, to = names.length) =>
      page.evaluate(
        (names, pad) => {
          for (const name of names) globalThis.track(name, pad)
        },
        names.slice(from, to),
        'x'.repeat(cell.pad),
      ),
  }
}

/** How many events the page's storage still holds. */
const stored = (page) =>
  page.evaluate(() => {
    const texts = Object.values(localStorage)
    return new Set(texts.flatMap((text) => text.match(/evt-[a-z-]+\d+/g) ?? [])).size
  })

const normalTime = async ({ cell, collector, last }) => {
  if (cell.settle) await sleep(cell.settle)
  else if (!last) await sleep(GONE)
  else {
    await waitFor(() => collector.distinct() === cell.events, STAYS)
    await sleep(COPIES)
  }
}

/** Copies that come when an unanswered exit is confirmed; only our SDK keeps what that needs. */
const lateTime = async ({ contender, last }) => {
  if (!contender.isOurs || !last) return 0
  await waitFor(async () => (await stored(last)) === 0, CONFIRMED)
  return stored(last)
}

const measure = async ({ cell, contender, browser }) => {
  const collector = await openCollector(cell.network)
  const address = `http://127.0.0.1:${collector.port}`
  const site = await openSite(contender.script(address), { collector: address, names: namesOf(cell) })
  try {
    const stage = createStage({ cell, browser, site, collector })
    const last = await alone(() => cell.act(stage))
    await normalTime({ cell, collector, last })
    const end = performance.now()
    const onTime = collector.distinct()
    const left = await lateTime({ contender, last })
    const delivered = collector.distinct()
    const copies = collector.copies(end)
    return {
      tracked: cell.events,
      delivered,
      copies,
      late: collector.copies() - copies,
      ...(delivered > onTime && { afterGrace: delivered - onTime }),
      ...(left && { stored: left }),
      ...collector.seen,
      ...(stage.notes.length && { notes: stage.notes }),
    }
  } finally {
    site.close()
    collector.close()
  }
}

/** All of it, once, and not before its time. */
const isWhole = (cell, { delivered, copies, early }) => delivered >= (cell.needed ?? cell.events) && !copies && !early

/** `launch` starts the engine. What goes wrong in the running itself is a result too: nothing was measured. */
export const runCell = async ({ cell, contender, launch }) => {
  let browser
  try {
    browser = await launch({ backForwardCache: Boolean(cell.keepsPages) })
    const result = await measure({ cell, contender, browser })
    const whole = isWhole(cell, result)
    return { ...result, whole, passed: whole && result.preflights === 0 }
  } catch (error) {
    return { error: error.message, whole: false, passed: false }
  } finally {
    await browser?.close().catch(() => {})
  }
}

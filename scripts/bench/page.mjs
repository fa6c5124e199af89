// What `display()` costs the main thread of a page, its record in localStorage included.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { launchChromium } from '../../test/browsers/engines/chromium.ts'
import { launchFirefox } from '../../test/browsers/engines/firefox.ts'
import { launchWebkit } from '../../test/browsers/engines/webkit.ts'
import { findBrowsers } from '../ensure-browsers.mjs'

const script = new URL('../../dist/isotarget.global.js', import.meta.url)
const launchers = { chromium: launchChromium, firefox: launchFirefox, webkit: launchWebkit }

/** The clocks of Firefox and WebKit tell whole milliseconds. */
const COUNT = 490

const openSite = async () => {
  const server = createServer((request, response) => {
    const isScript = request.url === '/isotarget.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? readFileSync(script) : '<!doctype html><script src="/isotarget.js"></script>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() }
}

/**
 * Runs in the page. Its clock is coarse, so that each sample is the mean of many. `alone` is a page that shows one thing in a task,
 * whose record is written when the task ends; `together` is all in one task, which share records.
 */
const measure = async (port, count) => {
  const { TargetClient, mboxes } = globalThis.isotarget
  const account = { client: 'acme', organizationId: 'ABC@AdobeOrg', serverDomain: `127.0.0.1:${port}`, secure: false }
  const target = TargetClient.create(account)
  const { response } = await target.getOffers({ request: { prefetch: { mboxes: mboxes('home') } } })
  const [home] = response.prefetch.mboxes
  const middle = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]
  const sample = async (work) => {
    const start = performance.now()
    await work()
    const mean = ((performance.now() - start) * 1000) / count
    await target.flush()
    return mean
  }
  const alone = []
  const together = []
  for (let round = -2; round < 9; round++) {
    const one = await sample(async () => {
      for (let shown = 0; shown < count; shown++) {
        target.display(home)
        // Microtasks run before this goes on: the write is part of it.
        await undefined
      }
    })
    const all = await sample(async () => {
      for (let shown = 0; shown < count; shown++) target.display(home)
    })
    if (round < 0) continue
    alone.push(one)
    together.push(all)
  }
  return { alone: middle(alone), together: middle(together) }
}

/** One row for each engine that is installed. */
export const benchPages = async ({ port }) => {
  const site = await openSite()
  const rows = []
  for (const [name, where] of Object.entries(findBrowsers())) {
    const browser = await launchers[name](where, {})
    try {
      const page = await browser.open(site.url)
      rows.push({ where: `${browser.version}, stored`, ...(await page.evaluate(measure, port, COUNT)) })
    } finally {
      await browser.close()
    }
  }
  site.close()
  return rows
}

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createEmulator, type Emulator } from '../../src/emulator.ts'
import { type Heard, openListener } from './app-listener.ts'
import { type App, buildApp, startApp } from './app-process.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'

interface Experience {
  share?: number
}

/** The offers of the demo, of which everyone is given the last. */
const sureOffers = () => {
  const offers = JSON.parse(readFileSync(new URL('../../demo/offers.json', import.meta.url), 'utf8'))
  for (const activity of offers.activities as { experiences: Experience[] }[]) {
    const last = activity.experiences.at(-1)
    for (const experience of activity.experiences) experience.share = experience === last ? 1 : 0
  }
  return offers
}

const OFFER = 'Your first tin is on us.'
const DEFAULT = 'Slow mornings, carefully steeped.'
const FLAG = 'Free delivery, whatever you order'
const DEFAULT_FLAG = 'Free delivery from €40'

/** Activities of the demo, in the order of its offers. */
const [HERO, TASTING, DELIVERY] = [0, 1, 2]

interface Asked {
  prefetch?: { mboxes?: { name: string }[] }
  execute?: { mboxes?: { name: string }[] }
}

/** What each request to the edge asked for, those without questions left out. */
const askedOf = (edge: Emulator): string[] =>
  edge.requests.flatMap(({ body }) => {
    const { prefetch, execute } = body as Asked
    const names = [...(prefetch?.mboxes ?? []), ...(execute?.mboxes ?? [])].map(({ name }) => name)
    return names.length ? [names.sort().join()] : []
  })

/** What the edge has counted for an activity. */
const countsOf = (edge: Emulator, activity: number) => {
  const { visitors, impressions, clicks, conversions } = edge.ledger.activities()[activity]?.experiences.at(-1) ?? {}
  return { visitors, impressions, clicks, conversions }
}

const heardIn = (page: Page): Promise<Heard> =>
  page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise((drawn) => requestAnimationFrame(drawn))
    const { said, shift } = globalThis as unknown as Heard
    return { said, shift }
  })

const textOf = (page: Page, selector: string): Promise<string | undefined> =>
  page.evaluate((selector) => document.querySelector(selector)?.textContent?.trim(), selector)

const isAt = (page: Page, path: string): Promise<boolean> =>
  page
    .evaluate((path) => location.pathname.startsWith(path) && document.readyState === 'complete', path)
    .catch(() => false)

/** What every example app has to do. `build` is whether it has to be built. */
export const describeApp = (name: string, { build = false } = {}): void => {
  let edge: Emulator
  let app: App
  let address = ''
  const closing: (() => unknown)[] = []

  beforeAll(async () => {
    edge = createEmulator({ client: 'demo', organizationId: 'DEMO@AdobeOrg', offers: sureOffers() })
    const listening = await edge.listen(0)
    const listener = await openListener(() => app.port)
    closing.push(listening.close, listener.close)
    address = listener.url
    if (build) await buildApp(name, { ORIGIN: address })
    app = await startApp(name, { TARGET_EDGE: listening.url })
  }, 180_000)
  beforeEach(() => edge.reset())
  afterAll(async () => {
    const code = await app?.stop()
    for (const close of closing) await close()
    // Some end by themselves, some by the signal: 128 and its number.
    if (app) expect([0, 143]).toContain(code)
  })

  const sourceOf = async (): Promise<{ html: string; cookies: string[] }> => {
    const answer = await fetch(`${address}/`)
    return { html: await answer.text(), cookies: answer.headers.getSetCookie() }
  }

  describe(`demo/${name}`, () => {
    test('has the offer and the flag in the source of the page, and the visitor in its cookies', async () => {
      const { html, cookies } = await sourceOf()
      expect(html).toContain(OFFER)
      expect(html).toContain(FLAG)
      expect(cookies.map((cookie) => cookie.replace(/=[^;]*/, ''))).toEqual([
        expect.stringMatching(/^mbox; /),
        expect.stringMatching(/^mboxEdgeCluster; /),
      ])
      expect(askedOf(edge)).toEqual(['delivery,hero'])
    })

    test('shows the default content where the edge hangs', async () => {
      onTestFinished(edge.fail({ delay: 25_000, times: Number.POSITIVE_INFINITY }))
      const { html } = await sourceOf()
      expect(html).toContain(DEFAULT)
      expect(html).toContain(DEFAULT_FLAG)
      expect(html).not.toContain(OFFER)
    })
  })

  describeEngines(`demo/${name}`, (engine) => {
    let browser: Browser
    beforeAll(async () => {
      browser = await engine.launch()
    })
    afterAll(() => browser?.close())

    const open = async (profile: string): Promise<Page> => {
      const page = await browser.open(`${address}/`, { profile })
      onTestFinished(() => page.close())
      return page
    }

    test('counts what is shown once, a click, and an order, of one visitor', async () => {
      const page = await open('visitor')
      const shown = (impressions: number, more = {}) => ({
        visitors: 1,
        impressions,
        clicks: 0,
        conversions: 0,
        ...more,
      })
      for (const impressions of [1, 2]) {
        for (const activity of [HERO, TASTING, DELIVERY]) {
          await expect.poll(() => countsOf(edge, activity)).toEqual(shown(impressions))
        }
        expect(await textOf(page, '[data-mbox="hero"] h1')).toBe(OFFER)
        expect(await textOf(page, '[data-mbox="tasting"] h2')).toBe('Cannot choose? Taste all six.')
        for (const mbox of ['hero', 'delivery', 'tasting']) {
          await expect.poll(() => textOf(page, '.told')).toContain(`display of ${mbox}`)
        }
        expect(await heardIn(page)).toEqual({ said: [], shift: 0 })
        // One question of the server, and one of the page for what the server did not ask for.
        expect(askedOf(edge)).toEqual(Array(impressions).fill(['delivery,hero', 'tasting']).flat())
        if (impressions === 1) await page.goto(`${address}/`)
      }

      await page.click('[data-mbox="hero"] a')
      await expect.poll(() => isAt(page, '/tasting')).toBe(true)
      await expect.poll(() => countsOf(edge, HERO)).toEqual(shown(2, { clicks: 1 }))
      await page.click('form button')
      await expect.poll(() => isAt(page, '/thanks')).toBe(true)
      await expect.poll(() => countsOf(edge, HERO)).toEqual(shown(2, { clicks: 1, conversions: 1 }))
      await expect.poll(() => countsOf(edge, TASTING)).toEqual(shown(2, { conversions: 1 }))

      await page.click('main a')
      await expect.poll(() => textOf(page, '[data-mbox="hero"] h1')).toBe(OFFER)
      await expect.poll(() => countsOf(edge, HERO)).toEqual(shown(3, { clicks: 1, conversions: 1 }))
      await expect.poll(() => countsOf(edge, TASTING)).toEqual(shown(3, { conversions: 1 }))
      expect((await heardIn(page)).said).toEqual([])
      expect(edge.requests.filter(({ status }) => status !== 200 && status !== 204)).toEqual([])
    })

    test('shows the default content where the edge hangs', async () => {
      onTestFinished(edge.fail({ delay: 25_000, times: Number.POSITIVE_INFINITY }))
      const page = await open('hung')
      expect(await textOf(page, '[data-mbox="hero"] h1')).toBe(DEFAULT)
      await expect.poll(() => page.evaluate(() => document.querySelector('.waits') === null)).toBe(true)
      expect(await textOf(page, '[data-mbox="tasting"] h2')).toBe('The tasting set')
      expect(await heardIn(page)).toEqual({ said: [], shift: 0 })
    })
  })
}

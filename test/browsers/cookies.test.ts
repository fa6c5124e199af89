import { afterAll, beforeAll, expect, test } from 'vitest'
import type * as Door from '../../src/browser.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'
import { openSite } from './site.ts'

// Cookies as browsers keep them, under host names of all kinds. The edge answers in the page itself: what is tested is the jar.

declare const isotarget: typeof Door

let site: Awaited<ReturnType<typeof openSite>>

beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

/** What a page did and what came of it. */
interface Seen {
  cookie: string
  /** Texts that were written to the jar, by the name of the cookie. */
  written: Record<string, string>
  sessions: (string | null)[]
  ids: (string | null)[]
  bodies: Record<string, unknown>[]
  warnings: string[]
}

/** Asks twice; the visitor becomes known by the first answer. */
const askTwice = (page: Page, options: Partial<Door.ClientOptions> = {}): Promise<Seen> =>
  page.evaluate(async (options) => {
    const written: Record<string, string> = {}
    const jar = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie') as Required<PropertyDescriptor>
    Object.defineProperty(document, 'cookie', {
      configurable: true,
      get: () => jar.get.call(document),
      set(text: string) {
        written[text.split('=')[0] ?? ''] = text
        jar.set.call(document, text)
      },
    })
    const seen: Pick<Seen, 'sessions' | 'ids' | 'bodies' | 'warnings'> = {
      sessions: [],
      ids: [],
      bodies: [],
      warnings: [],
    }
    const target = isotarget.TargetClient.create({
      client: 'acme',
      organizationId: 'ABC@AdobeOrg',
      fetchApi: async (url, init) => {
        const body = JSON.parse(`${init?.body}`)
        seen.sessions.push(new URL(`${url}`).searchParams.get('sessionId'))
        seen.ids.push(body.id?.tntId ?? null)
        seen.bodies.push(body)
        return new Response('{"status":200,"id":{"tntId":"abc.35_0"}}')
      },
      ...options,
    })
    target.on('warning', ({ message }) => seen.warnings.push(message))
    for (const _ of [1, 2]) await target.getOffers({ request: { execute: { pageLoad: {} } } })
    let cookie = ''
    try {
      cookie = document.cookie
    } catch {}
    return { ...seen, written, cookie }
  }, options)

const cookieOf = (page: Page): Promise<string> => page.evaluate(() => document.cookie)

describeEngines('cookies', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch({ hosts: () => site.port })
  })
  afterAll(() => browser?.close())

  const open = (home: string, profile = home) => browser.open(`${home}/script-tag`, { profile })

  // Public suffixes that a rule of thumb about `.co.uk` does not know.
  test.for([
    ['http://www.shop.example.com', 'http://example.com', true],
    ['http://www.uni.ac.uk', 'http://mail.uni.ac.uk', true],
    ['http://www.shop.co.uk', 'http://shop.co.uk', true],
    ['https://www.foo.vercel.app', 'https://foo.vercel.app', true],
    ['https://foo.vercel.app', 'https://bar.vercel.app', false],
  ] as const)('84 of %s are seen by %s: %s', async ([home, other, isSeen]) => {
    const page = await open(home)
    expect((await askTwice(page)).cookie).toContain('PC#abc.35_0')
    await page.goto(`${other}/elsewhere`)
    expect((await cookieOf(page)).includes('PC#abc.35_0')).toBe(isSeen)
    await page.close()
  })

  test.for(['localhost', '127.0.0.1'])('84 of %s are read back', async (host) => {
    const page = await open(`http://${host}:${site.port}`)
    const { cookie, warnings } = await askTwice(page)
    expect(cookie).toContain('PC#abc.35_0')
    expect(warnings).toEqual([])
    await page.close()
  })

  test('of one host alone, as a server may have set them, do not hide those of the domain', async () => {
    const page = await open('http://www.shop.co.uk', 'host only')
    await page.evaluate(() => {
      const stale = Math.floor(Date.now() / 1000)
      document.cookie = `mbox=session#old#${stale - 9}|PC#abc.21_0#${stale + 9999}; path=/; max-age=9999`
    })
    const { sessions, cookie } = await askTwice(page)
    expect(new Set(sessions).size).toBe(1)
    expect(cookie.match(/mbox=/g)).toHaveLength(1)
    await page.close()
  })

  test('85 that the browser refuses: the visitor lives in memory, a warning says so, and offers come', async () => {
    const sandboxed = await browser.open(`http://127.0.0.1:${site.port}/sandboxed`)
    const refused = await open('http://www.shop.co.uk', 'refused')
    for (const [page, options] of [
      // No cookie may be looked at.
      [sandboxed, {}],
      // One for somebody else's domain is dropped without a word.
      [refused, { cookieDomain: 'example.org' }],
    ] as const) {
      const { sessions, ids, cookie, warnings } = await askTwice(page, { ...options, notificationStorage: false })
      expect(new Set(sessions).size).toBe(1)
      expect(ids).toEqual([null, 'abc.35_0'])
      expect(cookie).toBe('')
      expect(warnings).toEqual(['The browser keeps no cookies: the visitor ends with the page'])
      await page.close()
    }
  })

  test('86 with secureOnly they are Secure and SameSite=None, on the domain, and kept on https', async () => {
    const page = await open('https://www.shop.co.uk', 'secure')
    const { cookie, written, warnings } = await askTwice(page, { secureOnly: true })
    expect(cookie).toContain('PC#abc.35_0')
    for (const name of ['mbox', 'mboxEdgeCluster', 'isotarget_probe']) {
      expect(written[name]).toMatch(/; domain=shop\.co\.uk.*(; SameSite=None; Secure|max-age=0)$/)
    }
    expect(warnings).toEqual([])
    await page.close()
  })

  test('86 without it they are SameSite=Lax, and Secure on https alone', async () => {
    for (const [home, how] of [
      ['https://www.shop.co.uk', /; SameSite=Lax; Secure$/],
      ['http://www.shop.co.uk', /; SameSite=Lax$/],
    ] as const) {
      const page = await open(home, `lax ${home}`)
      expect((await askTwice(page)).written.mbox).toMatch(how)
      await page.close()
    }
  })

  test('86 with secureOnly no browser keeps them for an http page, which is told', async () => {
    const page = await open('http://www.shop.co.uk', 'insecure')
    const { cookie, sessions, warnings } = await askTwice(page, { secureOnly: true })
    expect([cookie, new Set(sessions).size, warnings.length]).toEqual(['', 1, 1])
    await page.close()
  })

  test('hold the visitor for deviceIdLifetime, and the session for 31 minutes', async () => {
    const page = await open('http://www.shop.co.uk', 'lifetime')
    const { written } = await askTwice(page, { deviceIdLifetime: 86_400_000 })
    expect(written.mbox).toContain('max-age=86400;')
    const [session, device] = [...(written.mbox ?? '').matchAll(/#(\d{10})[|;]/g)].map(([, at]) => Number(at))
    expect(device! - session!).toBe(86_400 - 1860)
    await page.close()
  })

  test('89 a QA link with two indexes asks for both, also on the next page', async () => {
    const link = 'at_preview_token=t&at_preview_index=1_2&at_preview_index=3_1&at_preview_listed_activities_only=true'
    const audiences = '&at_preview_evaluate_as_true_audience_ids=5_6&at_preview_evaluate_as_false_audience_ids=7'
    const page = await browser.open(`http://www.shop.co.uk/script-tag?${link}${audiences}`, { profile: 'qa' })
    const qaMode = {
      token: 't',
      listedActivitiesOnly: true,
      evaluateAsTrueAudienceIds: [5, 6],
      evaluateAsFalseAudienceIds: [7],
      previewIndexes: [
        { activityIndex: 1, experienceIndex: 2 },
        { activityIndex: 3, experienceIndex: 1 },
      ],
    }
    const { bodies, cookie } = await askTwice(page)
    expect(bodies.map((body) => body.qaMode)).toEqual([qaMode, qaMode])
    const kept = /at_qa_mode=([^;]*)/.exec(cookie)?.[1] ?? ''
    expect(JSON.parse(decodeURIComponent(kept)).previewIndexes).toEqual(qaMode.previewIndexes)
    await page.goto('http://www.shop.co.uk/script-tag')
    expect((await askTwice(page)).bodies[0]?.qaMode).toEqual(qaMode)
    await page.close()
  })

  test('90 at_preview is the token of a preview; its cookie is of the domain, so that the preview goes on at the checkout', async () => {
    const page = await browser.open('http://www.shop.co.uk/script-tag?at_preview=abc', { profile: 'preview' })
    expect((await askTwice(page)).bodies[0]?.preview).toEqual({ token: 'abc' })
    await page.goto('http://pay.shop.co.uk/script-tag')
    expect((await askTwice(page)).bodies[0]?.preview).toEqual({ token: 'abc' })
    await page.close()
  })
})

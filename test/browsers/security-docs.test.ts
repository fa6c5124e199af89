import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEmulator, type Listening } from '../../src/emulator.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'
import { openPageSite } from './page-site.ts'

// docs/security.md: what a page writes, and the policy under which it runs, in real browsers.

const text = readFileSync(join(import.meta.dirname, '../../docs/security.md'), 'utf8')
const [, table = ''] = /<!-- written -->\n([\s\S]*?)<!-- \/written -->/.exec(text) ?? []
const [, policy = ''] = /<!-- policy -->\n```text\n(.*)\n```/.exec(text) ?? []

/** Names that the page tells of a place, and how long each stays. */
const told = (place: string) =>
  table
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, where]) => where === place)
    .flatMap(([, , names = '', , life = '']) =>
      [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => ({ name, life })),
    )

const edge = createEmulator({
  offers: {
    activities: [
      {
        id: 1,
        name: 'Summer',
        experiences: [{ name: 'Sun', offers: { hero: '<b>Sun</b>' } }],
        conversions: ['thanks'],
      },
    ],
  },
})
let listening: Listening
let site: Awaited<ReturnType<typeof openPageSite>>

beforeAll(async () => {
  listening = await edge.listen(0)
  site = await openPageSite()
  const csp = policy.replace('https://*.tt.omtrdc.net', listening.url)
  const tag = (more: string) =>
    `<script nonce="r4nd0m" src="/isotarget.global.js" data-client="acme" data-organization-id="ABC@AdobeOrg"
      data-server-domain="127.0.0.1:${listening.port}" data-secure="false" data-mboxes="hero" data-prehide="[data-mbox]" ${more}></script>`
  const head = `<meta http-equiv="Content-Security-Policy" content="${csp.replace("default-src 'none'", "default-src 'none'; img-src data:")}">
    <script nonce="r4nd0m">
      written = { cookies: [], kept: [] }
      const jar = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie')
      Object.defineProperty(document, 'cookie', {
        get: () => jar.get.call(document),
        set(text) { written.cookies.push(text); jar.set.call(document, text) },
      })
      const { setItem } = Storage.prototype
      Storage.prototype.setItem = function (key, text) {
        written.kept.push((this === localStorage ? 'localStorage ' : 'sessionStorage ') + key)
        setItem.call(this, key, text)
      }
      violations = []
      addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
        violations.push(violatedDirective + ' ' + blockedURI))
    </script>`
  const body = '<div data-mbox="hero">default</div>'
  site.pages.set('/shop', { head, body: body + tag('') })
  site.pages.set('/out', { head, body: body + tag('data-default-consent="pending"') })
})
afterAll(async () => {
  site.close()
  await listening.close()
})

interface Seen {
  written: { cookies: string[]; kept: string[] }
  violations: string[]
  cookie: string
  stored: string[]
}
const seen = (page: Page): Promise<Seen> =>
  page.evaluate(() => {
    const { written, violations } = globalThis as unknown as Seen
    return {
      written,
      violations,
      cookie: document.cookie,
      stored: [...Object.keys(localStorage), ...Object.keys(sessionStorage)],
    }
  })

/** The time that a cookie was given, in s; of none a script was not told. */
const ageOf = (cookies: string[], name: string): number =>
  Number(/max-age=(\d+)/i.exec(cookies.filter((text) => text.startsWith(`${name}=`)).at(-1) ?? '')?.[1])

describeEngines('docs/security.md', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  test('tells all that is written, and a policy that is enough', async () => {
    edge.reset()
    const page = await browser.open(`${site.url}/shop?at_preview_token=abc`, { profile: 'shop' })
    const hero = () => page.evaluate(() => document.querySelector('[data-mbox]')?.innerHTML)
    await expect.poll(hero).toBe('<b>Sun</b>')
    await page.evaluate(() => {
      const { isotarget } = globalThis as unknown as { isotarget(...command: unknown[]): void }
      isotarget('track', 'thanks')
    })
    await expect.poll(() => edge.ledger.total('conversion', { qa: true }) + edge.ledger.total('conversion')).toBe(1)
    await expect.poll(async () => (await seen(page)).stored).toEqual([])
    const { written, violations, cookie } = await seen(page)
    expect(violations).toEqual([])

    const cookies = new Set(written.cookies.map((text) => text.split('=')[0] ?? ''))
    const names = told('cookie').map(({ name }) => name)
    expect([...cookies].filter((name) => !names.includes(name))).toEqual([])
    expect([...cookies]).toEqual(expect.arrayContaining(['mbox', 'mboxEdgeCluster', 'at_qa_mode']))
    expect(cookie).not.toContain('isotarget_probe')
    expect(ageOf(written.cookies, 'mbox')).toBe(732 * 86_400)
    expect(ageOf(written.cookies, 'mboxEdgeCluster')).toBe(31 * 60)

    const keys = ['localStorage', 'sessionStorage'].flatMap((place) =>
      told(`\`${place}\``).map(({ name }) => `${place} ${name.replace('…', '')}`),
    )
    expect(keys.length).toBe(5)
    expect(written.kept.some((key) => key.startsWith('localStorage isotarget:'))).toBe(true)
    expect(written.kept.filter((key) => !keys.some((known) => key.startsWith(known)))).toEqual([])
    await page.close()
  })

  test('is right that nothing happens before consent', async () => {
    edge.reset()
    const page = await browser.open(`${site.url}/out`, { profile: 'out' })
    await page.evaluate(() => {
      const { isotarget } = globalThis as unknown as { isotarget(...command: unknown[]): void }
      isotarget('track', 'thanks')
    })
    expect(await seen(page)).toEqual({
      written: { cookies: [], kept: [] },
      violations: [],
      cookie: '',
      stored: [],
    })
    expect(await page.evaluate(() => document.querySelector('[data-mbox]')?.innerHTML)).toBe('default')
    expect(edge.requests).toEqual([])
    await page.evaluate(() => {
      const { isotarget } = globalThis as unknown as { isotarget(...command: unknown[]): void }
      isotarget('optIn')
    })
    await expect.poll(() => page.evaluate(() => document.querySelector('[data-mbox]')?.innerHTML)).toBe('<b>Sun</b>')
    await expect.poll(() => edge.ledger.entries.some(({ mbox }) => mbox === 'thanks')).toBe(true)
    await page.close()
  })
})

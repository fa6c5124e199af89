import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sections } from '../../docs/.vitepress/pages.ts'
import { openDocsSite } from './docs-site.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'

// The documentation as `npm run docs:build` makes it, served by a host of static files, in real browsers.

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'docs/.vitepress/dist')
let site: Awaited<ReturnType<typeof openDocsSite>>

beforeAll(async () => {
  await promisify(execFile)(process.execPath, ['scripts/docs.mjs', '--build'], { cwd: root })
  site = await openDocsSite(folder)
}, 300_000)
afterAll(() => site?.close())

const filesIn = (path: string, extension: string): string[] =>
  readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))

const read = (file: string): string => readFileSync(join(folder, file), 'utf8')

const withoutCode = (markdown: string): string => markdown.replaceAll(/```[\s\S]*?```|`[^`\n]+`/g, '')

/** Where the address of a page of the site leads: a file of the build, or one that is missing. */
const fileAt = (path: string): string => {
  if (path.endsWith('/')) return `${path}index.html`
  return existsSync(join(folder, `${path}.html`)) ? `${path}.html` : path
}

test('every link of every page leads to a page and a heading that are there', () => {
  const pages = new Map(filesIn(folder, '.html').map((file) => [`/${file}`, read(file)]))
  const ids = new Map([...pages].map(([file, html]) => [file, new Set(html.match(/(?<=\sid=")[^"]*/g))]))
  const broken: string[] = []
  let count = 0
  for (const [from, html] of pages) {
    for (const [, found = ''] of html.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
      const { origin, pathname, hash } = new URL(
        found.replaceAll('&amp;', '&'),
        `http://site${from.replace('.html', '')}`,
      )
      if (origin !== 'http://site') continue
      count++
      const file = fileAt(pathname)
      const isThere = existsSync(join(folder, decodeURIComponent(file)))
      const heading = decodeURIComponent(hash.slice(1))
      if (!isThere || (heading && !ids.get(file)?.has(heading))) broken.push(`${from}: ${found}`)
    }
  }
  expect(pages.size).toBeGreaterThan(100)
  expect(count).toBeGreaterThan(5_000)
  expect(broken).toEqual([])
})

test('no page loads anything from elsewhere', () => {
  const loads =
    /<(?:script|img|iframe|source)[^>]+src="https?:[^>]*|<link[^>]+href="https?:[^>]*|url\(["']?https?:[^)]*/g
  const files = [...filesIn(folder, '.html'), ...filesIn(folder, '.css')]
  expect(files.flatMap((file) => read(file).match(loads) ?? [])).toEqual([])
})

test('comments that tests read are in no page and in no Markdown of the site', () => {
  const hasComments = (text: string) => /<!-- (sample|file|size|untested):/.test(text)
  const markdown = [...filesIn(folder, '.md'), 'llms-full.txt']
  expect(filesIn(folder, '.html').filter((file) => hasComments(read(file)))).toEqual([])
  expect(markdown.filter((file) => hasComments(withoutCode(read(file))))).toEqual([])
})

test('llms.txt lists every page with a line, by its Markdown, and llms-full.txt holds them', () => {
  const [title, summary, ...text] = read('llms.txt').split('\n\n')
  expect(title).toBe('# isotarget')
  expect(summary).toMatch(/^> One TypeScript SDK for Adobe Target/)
  const lines = text.flatMap((part) => part.split('\n')).filter((line) => line && !line.startsWith('## '))
  const listed = lines.map((line) => /^- \[[^\]]+\]\((\/[^)]+\.md)\): \S/.exec(line)?.[1] ?? line)
  const pages = sections().flatMap(({ pages }) => pages)
  expect(listed).toEqual(expect.arrayContaining(pages.map(({ file }) => `/${file}`)))
  expect(listed).toContain('/reference/browser/index.md')
  expect(listed.filter((file) => !existsSync(join(folder, file)))).toEqual([])
  const whole = read('llms-full.txt')
  expect(pages.filter(({ file }) => !whole.includes(read(file)))).toEqual([])
})

test('links between Markdown files lead to Markdown files', () => {
  const links = filesIn(folder, '.md').flatMap((file) =>
    [
      ...read(file)
        .replaceAll(/```[\s\S]*?```|`[^`\n]+`/g, '')
        .matchAll(/\]\((\/[^)#]*)/g),
    ].map(([, to = '']) => to),
  )
  expect(links.length).toBeGreaterThan(500)
  expect([...new Set(links)].filter((link) => !existsSync(join(folder, link)))).toEqual([])
})

/** How much two colours differ in light, as WCAG counts: 4.5 is enough for text. */
const contrastOf = (page: Page, selector: string) =>
  page.evaluate((at: string) => {
    const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number)
    const light = (color: string) =>
      channels(color)
        .map((value) => value / 255)
        .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
        .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index]!, 0)
    const [text, ground] = [
      light(getComputedStyle(document.querySelector(at)!).color),
      light(getComputedStyle(document.body).backgroundColor),
    ]
    return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05)
  }, selector)

const has = (page: Page, selector: string) =>
  page.evaluate((at: string) => document.querySelector(at) !== null, selector)

const complaintsOf = (page: Page) => page.evaluate(() => (globalThis as unknown as { complaints: string[] }).complaints)

describeEngines('the documentation site', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch({ hosts: 'loopback' })
  })
  afterAll(() => browser?.close())

  test('opens with what it is, the example, five ways to begin, and sizes', async () => {
    const page = await browser.open(`${site.url}/`)
    const text = () => page.evaluate(() => document.querySelector('main.home')?.textContent ?? '')
    await expect.poll(text).toContain('One TypeScript SDK for Adobe Target')
    expect(await text()).toMatch(/target\.display\(mbox\)[\s\S]*\d\d\.\d kB/)
    expect(await page.evaluate(() => document.querySelectorAll('.cards a').length)).toBe(5)
    await page.click('.cards a')
    await expect.poll(() => page.evaluate(() => document.querySelector('.vp-doc h1')?.textContent)).toBeTruthy()
    expect(await complaintsOf(page)).toEqual([])
    await page.close()
  })

  test('a page has its code, goes dark and light, finds words offline, and leads on', async () => {
    const page = await browser.open(`${site.url}/client`)
    await expect.poll(() => has(page, 'div.language-ts .shiki')).toBe(true)
    await expect.poll(() => has(page, 'button.copy')).toBe(true)

    const isDark = () => page.evaluate(() => document.documentElement.classList.contains('dark'))
    const first = await isDark()
    for (const dark of [!first, first]) {
      // It may stand behind a button where the window is narrow.
      await page.evaluate(() => document.querySelector<HTMLElement>('.VPSwitchAppearance')!.click())
      await expect.poll(isDark).toBe(dark)
      await expect.poll(() => contrastOf(page, '.vp-doc p')).toBeGreaterThan(7)
      await expect.poll(() => contrastOf(page, '.vp-doc p a')).toBeGreaterThan(4.5)
    }

    await page.click('#local-search button')
    await expect.poll(() => has(page, '#localsearch-input')).toBe(true)
    await page.evaluate(() => {
      const input = document.querySelector<HTMLInputElement>('#localsearch-input')!
      input.value = 'impressionId'
      input.dispatchEvent(new Event('input', { bubbles: true }))
    })
    const results = () =>
      page.evaluate(() =>
        Array.from(document.querySelectorAll('.VPLocalSearchBox a.result'), (a) => a.textContent ?? ''),
      )
    await expect.poll(async () => (await results()).length).toBeGreaterThan(2)
    // Pages that explain it, and the places of the reference where it is declared.
    expect((await results()).join()).toMatch(/Notifications.*DeliveryRequest.*impressionId/s)
    await page.click('.VPLocalSearchBox a.result')
    await expect.poll(() => page.evaluate(() => location.pathname)).not.toBe('/client')
    await expect
      .poll(() => page.evaluate(() => document.querySelector('main')?.textContent ?? ''))
      .toContain('impressionId')
    expect(await complaintsOf(page)).toEqual([])
    await page.close()
  })

  test('fits on a phone, with the navigation behind a button', async () => {
    const page = await browser.open(`${site.url}/phone?page=/benchmarks/page`)
    const charts = () =>
      page.evaluate(() => document.querySelector('iframe')!.contentDocument!.querySelectorAll('.vp-doc img').length)
    const width = () =>
      page.evaluate(() => document.querySelector('iframe')!.contentDocument!.documentElement.scrollWidth)
    const isOpen = () =>
      page.evaluate(() => document.querySelector('iframe')!.contentDocument!.querySelector('.VPSidebar.open') !== null)
    await expect.poll(charts).toBeGreaterThan(1)
    expect(await width()).toBeLessThanOrEqual(390)
    // Its listener is there when the page is hydrated.
    await expect
      .poll(async () => {
        await page.evaluate(() =>
          document.querySelector('iframe')!.contentDocument!.querySelector<HTMLElement>('.VPLocalNav .menu')!.click(),
        )
        return isOpen()
      })
      .toBe(true)
    await page.close()
  })

  test('asks no other host', () => {
    expect(site.asked.length).toBeGreaterThan(10)
    expect([...new Set(site.asked.map(({ host }) => host))]).toEqual(['docs.example'])
  })
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { samples } from '../docs/markdown.ts'
import { commandsOf, expectSaid, filesOf, openStart, promisesOf, type Start } from '../docs/starts.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser } from './engines/engine.ts'

// The two pages of docs/start whose result is seen in a browser, as a new user follows them: the package as it is published,
// an edge that a shell has started, and the files that Vite serves.

const EDGE = 'npx isotarget edge activities.json'
const BEGIN = ['mkdir shop && cd shop', 'npm init -y', 'npm install isotarget vite', EDGE, 'npx vite']

interface Opened {
  start: Start
  said(): string
  url: string
}
const opened: Opened[] = []
const activities = filesOf('page-author').get('activities.json') ?? ''

const open = async (name: string): Promise<Opened> => {
  const start = await openStart(name, '5173')
  const edge = start.start(EDGE)
  const vite = start.start('npx vite')
  const own = { start, said: () => edge.out, url: start.here('http://localhost:5173/') }
  opened.push(own)
  await expectSaid(() => edge.out, promisesOf(name).slice(0, 2).map(start.here))
  await expectSaid(() => vite.out, [own.url])
  return own
}

let author: Opened
let app: Opened
beforeAll(async () => {
  author = await open('page-author')
  app = await open('spa')
}, 120_000)
afterAll(async () => {
  for (const { start } of opened) await start.close()
})

test('the commands are those that are typed here', () => {
  expect([commandsOf('page-author'), commandsOf('spa')]).toEqual([BEGIN, BEGIN])
})

describeEngines('the first five minutes', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  /** Lines that an edge has said since. */
  const since = ({ said }: Opened) => {
    const before = said().length
    return () => said().slice(before)
  }

  test('of a page author', async () => {
    const said = since(author)
    const page = await browser.open(author.url, { profile: 'author' })
    const hero = () => page.evaluate(() => document.querySelector('[data-mbox]')?.textContent)
    await expect.poll(hero, { timeout: 15_000 }).toBe('Sun for everybodyTo the beach')
    const [asked = '', shown = '', clicked = ''] = promisesOf('page-author').slice(2)
    await expectSaid(said, [asked, shown])
    await page.evaluate(() => document.querySelector('button')?.click())
    await expectSaid(said, [clicked])
    // An order counts once, and the edge has had it from another engine.
    const order = samples.find(({ name }) => name === 'start-page-author-order')?.code.replace('o-1', engine.name)
    await page.evaluate((code: string) => {
      const script = document.createElement('script')
      script.text = code
      document.head.append(script)
    }, `${order}`)
    await expectSaid(said, ['+1 conversion'])

    // The edge sees what is written a moment later.
    const offer = async (text: string) => {
      author.start.write('activities.json', activities.replace('Sun for everybody', text))
      const reloaded = async () => {
        await page.goto(author.url)
        await expect.poll(hero).toContain('To the beach')
        return hero()
      }
      await expect.poll(reloaded).toContain(text)
    }
    await offer('Rain for nobody')
    await offer('Sun for everybody')
    await page.close()
  })

  test('of a single-page app', async () => {
    const said = since(app)
    const page = await browser.open(app.url, { profile: 'app' })
    const text = (selector: string) => page.evaluate((at: string) => document.querySelector(at)?.textContent, selector)
    await expect.poll(() => text('#checkout')).toBe('Checkout in one step')
    expect(await text('h1')).toBe('Welcome')
    const lines = promisesOf('spa').slice(2)
    await expectSaid(said, lines.slice(0, 3))
    await page.evaluate(() => document.querySelector<HTMLElement>('a[href="#cart"]')?.click())
    await expect.poll(() => text('h1')).toBe('Nearly yours')
    await expectSaid(said, lines)
    await page.close()
  })
})

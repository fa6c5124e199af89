import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { freePort } from './app-process.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'
import { pictureOf } from './picture.ts'

// The demo as a newcomer starts it, in real browsers.

const start = (args: string[], env = {}): ChildProcess =>
  spawn(process.execPath, [fileURLToPath(new URL('../../demo/start.mjs', import.meta.url)), ...args], {
    env: { ...process.env, ...env },
  })

const outputOf = (child: ChildProcess) => {
  const output = { text: '' }
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output.text += chunk
    })
  }
  return output
}

let demo: ChildProcess
let address = ''

beforeAll(async () => {
  demo = start(['--port', '0'])
  const output = outputOf(demo)
  await vi.waitFor(() => expect(output.text).toMatch(/http:\/\/localhost:\d+\//), { timeout: 50_000, interval: 100 })
  address = /http:\/\/localhost:\d+\//.exec(output.text)?.[0] ?? ''
})
afterAll(async () => {
  demo.kill('SIGINT')
  if (demo.exitCode === null) await once(demo, 'exit')
  expect(demo.exitCode).toBe(0)
})

test('a taken port gets one clear line', async () => {
  const second = start(['--port', new URL(address).port])
  const output = outputOf(second)
  const [code] = await once(second, 'exit')
  expect(code).toBe(1)
  expect(output.text).toContain(
    `Port ${new URL(address).port} is taken: choose another with --port, or 0 for a free one.`,
  )
})

test('an example app starts beside it and asks its edge', async () => {
  const port = `${await freePort()}`
  const example = start(['express', '--port', '0'], { PORT: port })
  const output = outputOf(example)
  const stopped = once(example, 'exit')
  onTestFinished(async () => {
    example.kill('SIGINT')
    expect(await stopped).toEqual([0, null])
  })
  await expect.poll(() => output.text).toContain(`Larkmoor Tea on Express: http://localhost:${port}/`)
  const answer = await fetch(`http://localhost:${port}/`)
  expect(answer.headers.getSetCookie().join()).toContain('mboxEdgeCluster=')
  expect(await answer.text()).toContain('"name":"hero"')
})

test('an example that is none gets one clear line', async () => {
  const none = start(['rails'])
  const output = outputOf(none)
  expect(await once(none, 'exit')).toEqual([1, null])
  expect(output.text).toBe('There is no example rails: take express, hono, next, sveltekit, vue.\n')
})

describeEngines('the demo', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  /** What the panel says has been counted, as numbers in reading order. */
  const ledger = (page: Page) =>
    page.evaluate(() =>
      [...document.querySelectorAll('table td')].map((cell) => Number.parseInt(cell.textContent ?? '', 10)),
    )
  const impressions = async (page: Page) =>
    page.evaluate(() => /\+\d+ impressions?/.test(document.body.textContent ?? ''))

  test.for(['script-tag/', 'spa/', 'ssr/'])('/%s shows offers, and its panel shows them counted', async (path) => {
    const page = await browser.open(`${address}${path}`, { profile: path })
    await expect.poll(() => impressions(page)).toBe(true)
    await expect.poll(async () => (await ledger(page)).some((count) => count > 0)).toBe(true)
    await page.close()
  })

  test('/script-tag/ is the element that its page shows, and an order is counted by a command', async () => {
    const page = await browser.open(`${address}script-tag/`, { profile: 'element' })
    await expect.poll(() => impressions(page)).toBe(true)
    const [attributes, code] = await page.evaluate(() => [
      { ...document.querySelector<HTMLElement>('script[data-client]')?.dataset },
      document.querySelector('.source code')?.textContent ?? '',
    ])
    expect(attributes).toEqual({
      client: 'demo',
      organizationId: 'DEMO@AdobeOrg',
      mboxes: 'hero,tasting',
      prehide: '.offer',
      timeout: '500',
    })
    expect(code).toContain('data-mboxes="hero,tasting"')
    await page.goto(`${address}script-tag/tasting/`)
    // In a low window the panel lies over the button.
    await page.evaluate(() => document.querySelector<HTMLElement>('#buy')?.click())
    await expect.poll(() => page.evaluate(() => /\+\d+ conversions?/.test(document.body.textContent ?? ''))).toBe(true)
    await page.close()
  })

  test('its start page leads to a page with the inspector, which says why', async () => {
    const page = await browser.open(address, { profile: 'inspector' })
    // In a low window the panel lies over the link. The answer may get lost with the page.
    const follow = () =>
      void setTimeout(() => document.querySelector<HTMLElement>('a[href$="?isotarget-inspector"]')?.click())
    await page.evaluate(follow).catch(() => {})
    const inside = () =>
      page.evaluate(() => {
        const found = document.querySelector('isotarget-inspector')?.shadowRoot?.querySelectorAll('.cards .row')
        return [...(found ?? [])].map((row) => (row as HTMLElement).innerText).join(' ')
      })
    await expect.poll(() => inside().catch(() => '')).toMatch(/Banner.*mbox hero/s)
    // It comes into sight by and by.
    const picture = () => pictureOf(page, { name: 'demo-inspector', engine: engine.name, color: '#b83d0b' })
    await expect.poll(async () => (await picture()).pixels).toBeGreaterThan(100)
    await page.close()
  })
})

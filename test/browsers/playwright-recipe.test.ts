import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBrowsers } from '../../scripts/ensure-browsers.mjs'
import { openPageSite, scriptTag } from './page-site.ts'

// The fixture of docs/testing.md, run by Playwright itself against a small shop, in the Chromium of the system.

const root = join(import.meta.dirname, '../..')
const chromium = findBrowsers().chromium

const SHOP = {
  head: scriptTag({ client: 'acme', 'organization-id': 'ABC@AdobeOrg', mboxes: 'hero' }, '', 'async'),
  body: `<div data-mbox="hero"><h1>Our shop</h1></div>
    <a href="/thanks" onclick="isotarget('track', 'thanks', { order: { id: 'o-1', total: 19.5 } })">Buy</a>`,
}

let site: Awaited<ReturnType<typeof openPageSite>>
beforeAll(async () => {
  site = await openPageSite()
  site.pages.set('/', SHOP)
  site.pages.set('/thanks', { body: '<p>Thank you</p>' })
})
afterAll(() => site.close())

interface Told {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number }
  suites: { specs: { title: string; ok: boolean; tests: { results: { errors: { message: string }[] }[] }[] }[] }[]
  errors: { message: string }[]
}

const playwright = async (...args: string[]): Promise<Told> => {
  const cli = join(root, 'node_modules/@playwright/test/cli.js')
  const config = join(root, 'test/testing/playwright/playwright.config.ts')
  const env = { ...process.env, CHROME_PATH: chromium, SHOP_PORT: new URL(site.url).port }
  const child = spawn(process.execPath, [cli, 'test', '-c', config, '--reporter=json', ...args], { cwd: root, env })
  const [out] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return JSON.parse(out) as Told
}

test.skipIf(!chromium && !process.env.CI)(
  'Playwright shows offers, faults and orders with the fixture',
  { timeout: 200_000 },
  async () => {
    const { stats, suites, errors } = await playwright()
    const failed = suites.flatMap(({ specs }) => specs.filter(({ ok }) => !ok))
    const said = failed.map(({ title, tests }) => [title, tests[0]?.results.map((result) => result.errors[0]?.message)])
    expect([errors, said]).toEqual([[], []])
    expect(stats).toMatchObject({ expected: 3, unexpected: 0, flaky: 0, skipped: 0 })
  },
)

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { mboxes, TargetClient } from '../../src/server.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'
import { pictureOf } from './picture.ts'

// The page of `isotarget edge`, in real browsers, over an edge that a shell has started.

const folder = mkdtempSync(join(tmpdir(), 'isotarget-edge-page-'))
const file = join(folder, 'activities.json')
const write = (content: string) =>
  writeFileSync(
    file,
    JSON.stringify({
      activities: [
        {
          id: 7,
          name: content,
          experiences: [
            { name: 'Control', share: 0, offers: { hero: 'a' } },
            { name: 'Sun', offers: { hero: '<b>b</b>' } },
          ],
          conversions: ['thanks'],
        },
      ],
    }),
  )

let edge: ChildProcess
let url = ''

beforeAll(async () => {
  write('Summer')
  edge = spawn(process.execPath, [
    fileURLToPath(new URL('../../dist/cli.js', import.meta.url)),
    'edge',
    file,
    ...['--port', '0', '--site', 'http://localhost:3000/'],
  ])
  let out = ''
  edge.stdout?.on('data', (chunk: Buffer) => {
    out += chunk
  })
  await vi.waitFor(() => expect(out).toMatch(/http:\/\/127\.0\.0\.1:\d+/), { timeout: 30_000 })
  url = /http:\/\/127\.0\.0\.1:\d+/.exec(out)?.[0] ?? ''
})
afterAll(async () => {
  edge.kill('SIGINT')
  if (edge.exitCode === null) await once(edge, 'exit')
  rmSync(folder, { recursive: true })
  expect(edge.exitCode).toBe(0)
})

const textOf = (page: Page, id: string) =>
  page.evaluate((at: string) => document.getElementById(at)?.innerText ?? '', id)

/** A visitor who sees the hero and buys, and a call that is refused. */
const visit = async () => {
  const options = { client: 'acme', organizationId: 'ABC@AdobeOrg', serverDomain: new URL(url).host, secure: false }
  const target = TargetClient.create(options)
  const visitor = target.visitor('')
  const { response } = await visitor.getOffers({ request: { prefetch: { mboxes: mboxes('hero') } } })
  const [hero] = response.prefetch?.mboxes ?? []
  if (hero) visitor.display(hero)
  visitor.track('thanks', { order: { id: 'o-1', total: 20 } })
  await target.close()
  await fetch(`${url}/rest/v1/delivery?client=acme&sessionId=1`, { method: 'POST', body: '<script>alert(1)</script>' })
}

describeEngines('the page of an edge', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  test('shows activities, calls and counts as they come, the file when it changes, and starts anew', async () => {
    write('Summer')
    const page = await browser.open(`${url}/`)
    await expect.poll(() => textOf(page, 'activities')).toMatch(/Summer/)
    await page.evaluate(() => document.getElementById('reset')?.click())
    await expect.poll(() => textOf(page, 'activities')).toMatch(/Sun\s*QA link\s+0\s/)
    expect(await textOf(page, 'client')).toContain(new URL(url).host)

    await visit()
    await expect.poll(() => textOf(page, 'activities')).toMatch(/Sun\s*QA link\s+1\s+100 % 1 of 1/)
    await expect.poll(() => textOf(page, 'calls')).toMatch(/display hero/)
    expect(await textOf(page, 'calls')).toMatch(/\+1 impression/)
    await expect.poll(() => textOf(page, 'traffic')).toMatch(/3\s+calls.*1 refused/s)
    expect(await page.evaluate(() => document.querySelectorAll('#activities svg .whisker').length)).toBe(3)
    expect(await page.evaluate(() => document.querySelectorAll<HTMLAnchorElement>('a.qa')[1]?.href)).toBe(
      'http://localhost:3000/?at_preview_token=qa&at_preview_index=1_2&at_preview_listed_activities_only=true',
    )
    expect(await page.evaluate(() => document.querySelectorAll('#calls script').length)).toBe(0)
    const picture = await pictureOf(page, { name: 'edge', engine: engine.name, color: '#c2410c' })
    expect(picture.shades).toBeGreaterThan(50)
    expect(picture.pixels, 'bars, calls and names in the accent colour').toBeGreaterThan(200)

    write('Autumn')
    await expect.poll(() => textOf(page, 'activities'), { timeout: 20_000 }).toMatch(/Autumn/)
    writeFileSync(file, 'oops')
    await expect.poll(() => textOf(page, 'problem'), { timeout: 20_000 }).toMatch(/no JSON.*the activities before stay/)
    write('Winter')
    await expect.poll(() => textOf(page, 'problem'), { timeout: 20_000 }).toBe('')

    await page.evaluate(() => document.getElementById('reset')?.click())
    await expect.poll(() => textOf(page, 'calls')).toBe('')
    await expect.poll(() => textOf(page, 'activities')).toMatch(/Sun\s*QA link\s+0\s/)
    await page.close()
  })

  test('opens with what has happened before, and nothing of it runs', async () => {
    await visit()
    const page = await browser.open(`${url}/`)
    await expect.poll(() => textOf(page, 'calls')).toMatch(/display hero/)
    expect(await page.evaluate(() => document.body.classList.contains('live'))).toBe(true)
    expect(await page.evaluate(() => document.querySelectorAll('b').length)).toBeGreaterThan(0)
    await page.close()
  })
})

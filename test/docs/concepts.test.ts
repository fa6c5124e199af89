import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createEmulator, type Emulator } from '../../src/emulator.ts'
import { type Client, mboxes, TargetClient } from '../../src/server.ts'
import { pages, root, samples } from './markdown.ts'
import { ran, runSample } from './run-sample.ts'

const ACCOUNT = { client: 'acme', organizationId: 'ABC@AdobeOrg' }
let edge: Emulator
let target: Client
beforeEach(() => {
  edge = createEmulator({ ...ACCOUNT, offers: { hero: '<h1>Sun</h1>', account: '<p>Points</p>' } })
  vi.stubGlobal('fetch', edge)
  target = TargetClient.create({ ...ACCOUNT, notificationDelay: 5 })
})
afterEach(async () => {
  await target.close()
  vi.unstubAllGlobals()
})

it('identity: a login makes one visitor of two', async () => {
  const visitor = target.visitor('')
  await visitor.getOffers({ request: { execute: { mboxes: mboxes('hero') } } })
  await runSample('concept-login', { scope: { target: visitor } })
  const elsewhere = target.visitor('')
  const { response } = await elsewhere.getOffers({
    request: { id: { thirdPartyId: 'customer-7' }, execute: { mboxes: mboxes('hero') } },
  })
  const ids = edge.requests.map(({ body }) => (body as { id?: object }).id)
  expect(ids[1]).toEqual({ thirdPartyId: 'customer-7', tntId: expect.stringMatching(/\.35_0$/) })
  expect(response.id?.tntId).toBe((ids[1] as { tntId: string }).tntId)
  expect(edge.ledger.activities()[0]?.experiences[0]?.visitors).toBe(1)
})

it('execute and prefetch: a display counts, and is not counted before', async () => {
  const counts: number[] = []
  await runSample('concept-prefetch', {
    scope: { target: target.visitor(''), show: () => counts.push(edge.ledger.total('impression')) },
  })
  await target.flush()
  expect([...counts, edge.ledger.total('impression')]).toEqual([0, 1])
})

it('notifications: the stations are told', async () => {
  const lines: string[] = []
  await runSample('concept-watch', { scope: { target, log: (line: string) => lines.push(line) } })
  edge.fail({ status: 503 })
  target.visitor('').track('thanks')
  await vi.waitFor(() => expect(lines.at(-1)).toBe('display is acknowledged'), { timeout: 10_000 })
  expect(lines.map((line) => line.replace(/\d+ ms/, '… ms'))).toEqual([
    'display waits',
    '1 leave by fetch',
    'again in … ms',
    '1 leave by fetch',
    'display is acknowledged',
  ])
})

it('hybrid: the device decides what its rules hold', async () => {
  const { meta, target } = await runSample('concept-hybrid')
  expect(meta).toMatchObject({ decisioningMethod: 'on-device' })
  await (target as Client).close()
})

it('every sample has run, and every drawing is shown and says what it shows', () => {
  const mine = samples.filter(({ page }) => page.startsWith(join('docs', 'concepts')))
  expect(mine.length).toBeGreaterThan(3)
  expect(mine.flatMap(({ name = 'one without a name' }) => (ran.has(name) ? [] : [name]))).toEqual([])
  const texts = [...pages.values()].join('\n')
  for (const name of readdirSync(join(root, 'docs/images')).filter((name) => name.endsWith('.svg'))) {
    const drawing = readFileSync(join(root, 'docs/images', name), 'utf8')
    expect(drawing, name).toMatch(/<title id="title">.+<\/title>\s+<desc id="desc">.+<\/desc>/)
    expect(drawing, name).toContain('prefers-color-scheme: dark')
    expect(texts, name).toMatch(new RegExp(`!\\[[^\\]]{20,}\\]\\([./]*images/${name}\\)`))
  }
})

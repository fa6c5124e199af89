import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { samples } from './markdown.ts'
import { ran, runSample } from './run-sample.ts'

afterEach(() => vi.unstubAllGlobals())

it('a log names nobody', async () => {
  const edge = createEmulator({ offers: { hero: '<h1>Sun</h1>' } })
  vi.stubGlobal('fetch', edge)
  const lines: string[] = []
  await runSample('security-logs', { scope: { write: (line: string) => lines.push(line) } })
  expect(lines.map((line) => JSON.parse(line)[1])).toEqual(['clientReady', 'request', 'response'])
  const all = lines.join('\n')
  const session = new URL(edge.requests[0]?.url ?? '').searchParams.get('sessionId') ?? 'none'
  for (const secret of ['ada@shop.example', 'gold', session]) {
    expect(JSON.stringify(edge.requests[0]), secret).toContain(secret)
    expect(all, secret).not.toContain(secret)
  }
  expect(all).toContain('[redacted]')
})

it('every sample of the page has run', () => {
  const mine = samples.filter(({ page }) => page === join('docs', 'security.md'))
  expect(mine.map(({ name = '' }) => ran.has(name))).toEqual([true])
})

import { join } from 'node:path'
import { trace } from '@opentelemetry/api'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { afterEach, expect, test, vi } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { pages, samples } from './markdown.ts'
import { ran, runSample } from './run-sample.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  trace.disable()
})

test('the sample tells its call to the global provider, by attributes that the page names', async () => {
  const exporter = new InMemorySpanExporter()
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
  vi.stubGlobal('fetch', createEmulator({ offers: { hero: '<b>Sun</b>' } }))
  const { offers } = await runSample('instrument')
  await (offers as (request: Request) => Promise<unknown>)(new Request('https://www.shop.example/'))
  const [span, ...more] = exporter.getFinishedSpans()
  expect([span?.name, span?.instrumentationScope.name, more]).toEqual(['target.getOffers', 'isotarget', []])
  const page = pages.get(join('docs', 'opentelemetry.md')) ?? ''
  expect(Object.keys(span?.attributes ?? {}).filter((name) => !page.includes(`\`${name}\``))).toEqual([])
})

test('every sample of the page has run', () => {
  const names = samples.filter(({ page }) => page === join('docs', 'opentelemetry.md')).map(({ name = '' }) => name)
  expect(names.filter((name) => !ran.has(name))).toEqual([])
})

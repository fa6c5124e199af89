import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { http } from 'msw'
import { setupServer } from 'msw/node'
import { expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/emulator.ts'
import { runSample } from '../docs/run-sample.ts'
import { ask, named } from './call.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/emulator.md'), 'utf8')
const block = (language: string) => new RegExp(`\`\`\`${language}\n([^]*?)\n\`\`\``).exec(page)?.[1] ?? ''

it('the sample in memory says what it gives', async () => {
  expect(await runSample('emulator-in-memory')).toEqual({ content: '<h1>Summer</h1>', impressions: 1 })
})

it('the sample over HTTP is answered', async () => {
  expect((await runSample('emulator-over-http')).answered).toMatchObject({
    status: 200,
    execute: { mboxes: [{ name: 'hero', options: [{ content: '<h1>Summer</h1>' }] }] },
  })
})

it('a recording answers as the edge did', async () => {
  const realEdge = createEmulator({ offers: { hero: '<h1>Summer</h1>' } })
  expect(await runSample('emulator-recordings', { scope: { realEdge } })).toEqual({
    content: '<h1>Summer</h1>',
    missed: [],
  })
})

it('decisions on the device are made without a call, and counted', async () => {
  expect(await runSample('emulator-on-device')).toEqual({ calls: ['GET', 'POST'], impressions: 1 })
  expect(await runSample('emulator-on-device-over-http')).toEqual({ method: 'on-device' })
})

it('the sample with msw has handlers', async () => {
  const { edge, server } = (await runSample('emulator-msw', {
    modules: { msw: { http }, 'msw/node': { setupServer } },
  })) as {
    edge: Emulator
    server: ReturnType<typeof setupServer>
  }
  server.listen({ onUnhandledFrame: 'error' })
  await ask(fetch, { execute: named('hero') })
  server.close()
  expect(edge.ledger.total('impression')).toBe(1)
})

it('the offers are offers', async () => {
  const edge = createEmulator({ offers: JSON.parse(block('json')) })
  const context = { channel: 'web', address: { url: 'https://shop.example/sale' } }
  const mboxes = [{ index: 0, name: 'hero', profileParameters: { member: 'gold' } }]
  const { prefetch } = await ask(edge, { context, prefetch: { mboxes } })
  expect(prefetch?.mboxes?.[0]?.options).toHaveLength(1)
})

/** The files that the page shows, and the audience. */
const shown = [...page.matchAll(/```json\n(.*?)\n```/gs)].map(([, text]) => JSON.parse(`${text}`))

it('every file on the page is one, for the schema too', () => {
  const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schema/activities.schema.json'), 'utf8'))
  const conforms = new Ajv({ allowUnionTypes: true }).compile(schema)
  const experiences = [{ name: 'E', offers: { hero: 'x' } }]
  const files = shown.map((json) =>
    json.activities ? json : { activities: [{ id: 1, name: 'A', audience: json, experiences }] },
  )
  expect(files.map((file) => conforms(file))).toEqual([true, true, true, true])
  for (const offers of files) expect(createEmulator({ offers }).ledger.activities()).toHaveLength(1)
})

it('the audience is of whom it says', async () => {
  const audience = shown.find(({ rule }) => rule)
  const experiences = [{ name: 'E', offers: { hero: 'x' } }]
  const edge = createEmulator({ offers: { activities: [{ id: 1, name: 'A', audience, experiences }] } })
  const isMet = async (countryCode: string, parameters: object) => {
    const context = { channel: 'web', geo: { countryCode } }
    const { prefetch } = await ask(edge, { context, prefetch: { mboxes: [{ index: 0, name: 'hero', parameters }] } })
    return prefetch?.mboxes?.[0]?.options?.length === 1
  }
  expect(await isMet('IN', { size: 'xl', plan: 'Gold' })).toBe(true)
  expect(await isMet('DE', { size: 'xl', plan: 'Gold' })).toBe(false)
  expect(await isMet('IN', { size: 's', plan: 'Gold' })).toBe(false)
})

it('the recommendation is of what it says', async () => {
  const edge = createEmulator({ offers: shown.find(({ catalog }) => catalog) })
  const mboxes = [{ index: 0, name: 'more', parameters: { 'entity.id': 'sencha' } }]
  const { prefetch } = await ask(edge, { prefetch: { mboxes } })
  expect(prefetch?.mboxes?.[0]?.options?.[0]?.content).toBe(
    '<nav><a href="/tea/cup">Cup &amp; saucer</a><a href="/tea/kettle">Kettle</a><a href="/tea/matcha">Matcha</a></nav>',
  )
})

it('the ledger reads as shown', async () => {
  expect((await runSample('emulator-ledger')).table).toBe(block('text'))
})

it('the faults happen in turn', async () => {
  const edge = createEmulator()
  await runSample('emulator-faults', { scope: { edge } })
  const outcomes = []
  for (let at = 0; at < 6; at++) outcomes.push(await ask(edge, {}).catch((error: Error) => error.name))
  expect(edge.requests.map(({ status }) => status)).toEqual([503, 502, undefined, undefined, undefined, undefined])
  expect(outcomes.slice(2)).toEqual(Array(4).fill('TypeError'))
})

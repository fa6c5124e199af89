import { http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { ask, named, newSession } from './call.ts'

const edge = createEmulator({ offers: { hero: '<b>hi</b>' } })
const server = setupServer(...edge.handlers(http))

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterEach(() => edge.reset())
afterAll(() => server.close())

it('answers whatever the page fetches, from every host', async () => {
  for (const host of ['acme.tt.omtrdc.net', 'mboxedge28.tt.omtrdc.net', 'target.example.com']) {
    const { execute } = await ask(fetch, { execute: named('hero') }, { host })
    expect(execute?.mboxes?.[0]?.options?.[0]?.content).toBe('<b>hi</b>')
  }
  expect(edge.requests.map(({ host }) => host)).toEqual([
    'acme.tt.omtrdc.net',
    'mboxedge28.tt.omtrdc.net',
    'target.example.com',
  ])
  expect(edge.ledger.total('impression')).toBe(3)
})

it('takes a path with a slash at its end', async () => {
  const body = JSON.stringify({ context: { channel: 'web' } })
  const url = `https://acme.tt.omtrdc.net/rest/v1/delivery/?client=acme&sessionId=${newSession()}`
  expect((await fetch(url, { method: 'POST', body })).status).toBe(200)
  expect(edge.requests).toHaveLength(1)
})

it('breaks the connection when told to', async () => {
  edge.fail({ reset: true })
  await expect(ask(fetch, {})).rejects.toThrow(TypeError)
  expect(await ask(fetch, {})).toMatchObject({ status: 200 })
})

it('refuses as Target does', async () => {
  expect(await ask(fetch, { id: {} })).toMatchObject({ status: 400 })
})

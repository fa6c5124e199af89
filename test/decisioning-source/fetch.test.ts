import { afterEach, expect, it, vi } from 'vitest'
import { artifact, rules } from './rules-server.ts'
import { createWorld, rejection } from './world.ts'

const world = createWorld()
afterEach(() => vi.unstubAllGlobals())

it('takes an async function as fetchApi', async () => {
  const asked: string[] = []
  const fetchApi = async (input: RequestInfo | URL, init?: RequestInit) => {
    asked.push(`${input}`)
    await Promise.resolve()
    return fetch(input, init)
  }
  const { source } = world.start({}, { fetchApi })
  await source.ready()
  expect(asked).toEqual([`${world.server.url}/rules.json`])
  expect(world.server.requests).toHaveLength(1)
})

it.each([
  ['text()', { text: async () => JSON.stringify(artifact('small')) }],
  ['json()', { json: async () => artifact('small') }],
  ['arrayBuffer()', { arrayBuffer: async () => new TextEncoder().encode(JSON.stringify(artifact('small'))).buffer }],
])('takes an answer that has only a status and %s', async (_, body) => {
  const fetchApi = async () => ({ status: 200, ...body }) as unknown as Response
  expect(await world.start({}, { fetchApi }).source.ready()).toEqual({ name: 'small' })
})

it('refuses what such an answer has too much of', async () => {
  const fetchApi = async () => ({ status: 200, text: async () => 'x'.repeat(1001) }) as unknown as Response
  const { cause } = await rejection(world.start({}, { fetchApi, maximumBytes: 1000 }).source.ready())
  expect(cause).toMatchObject({ code: 'PARSE_ERROR', limit: 1000, received: 1001 })
})

it('looks the fetch of the runtime up for each attempt', async () => {
  const real = fetch
  const used: string[] = []
  vi.stubGlobal('fetch', async () => {
    used.push('first')
    vi.stubGlobal('fetch', (...call: Parameters<typeof fetch>) => {
      used.push('second')
      return real(...call)
    })
    throw new TypeError('fetch failed')
  })
  expect(await world.start().source.ready()).toEqual({ name: 'first' })
  expect(used).toEqual(['first', 'second'])
})

it.each([
  [
    'throws',
    (): Promise<unknown> => {
      throw new Error('proxy')
    },
  ],
  ['rejects', (): Promise<unknown> => Promise.reject(new Error('proxy'))],
  ['rejects with a text', (): Promise<unknown> => Promise.reject('proxy')],
  ['gives nothing', async (): Promise<unknown> => undefined],
] as const)('a fetch that %s is a failed attempt', async (_, fetchApi) => {
  const { source } = world.start({}, { fetchApi: fetchApi as unknown as typeof fetch, retries: 1 })
  const { cause } = await rejection(source.ready())
  expect(cause).toMatchObject({ name: 'TargetError', code: 'NETWORK_ERROR', attempts: 2 })
})

it('does not wait for a fetch that does not listen to its signal', async () => {
  let calls = 0
  const fetchApi: typeof fetch = (...call) => (calls++ ? fetch(...call) : new Promise(() => {}))
  const { source } = world.start({}, { fetchApi, timeout: 100 })
  expect(await source.ready()).toEqual({ name: 'first' })
})

it('sends no header that a browser would ask about, whatever tag was served', async () => {
  world.server.act(rules('first'), rules('second'))
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  try {
    const { source } = world.start({}, { isConditional: false })
    await source.ready()
    await vi.advanceTimersByTimeAsync(330_001)
    await vi.waitFor(() => expect(source.current()).toEqual({ name: 'second' }))
    expect(world.server.requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, undefined])
  } finally {
    vi.useRealTimers()
  }
})

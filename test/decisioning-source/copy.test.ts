import { expect, it, vi } from 'vitest'
import type { ArtifactStorage } from '../../src/decisioning/copy.ts'
import { artifact, rules, send, silence, status } from './rules-server.ts'
import { createWorld, rejection } from './world.ts'

const world = createWorld()

/** Like `localStorage`. */
const createStorage = (more: Partial<ArtifactStorage> = {}) => {
  const kept = new Map<string, string>()
  const storage: ArtifactStorage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, text) => void kept.set(key, text),
    ...more,
  }
  return { kept, storage: () => storage }
}

/** A storage in which a page before has kept `name`. */
const visited = async (name: string) => {
  const { kept, storage } = createStorage()
  world.server.act(rules(name))
  const { source } = world.start({}, { storage })
  await source.ready()
  await vi.waitFor(() => expect(kept.size).toBe(1))
  source.close()
  world.server.requests.length = 0
  return { kept, storage }
}

it('begins with the copy of the page before, and refreshes it', async () => {
  const { kept, storage } = await visited('yesterday')
  world.server.act(rules('today'))
  const { source, names } = world.start({}, { storage })
  expect(source.current()).toEqual({ name: 'yesterday' })
  expect(await source.ready()).toEqual({ name: 'yesterday' })
  await vi.waitFor(() => expect(source.current()).toEqual({ name: 'today' }))
  expect(names()).toEqual(['clientReady', 'artifactDownloadSucceeded'])
  expect(world.server.requests).toHaveLength(1)
  await vi.waitFor(() => expect([...kept.values()].join()).toContain('today'))
  expect(kept.size).toBe(1)
})

it('says when the copy came', async () => {
  const { storage } = await visited('yesterday')
  const later = Date.now() + 3_600_000
  const { source } = world.start({}, { storage, now: () => later })
  expect(Date.parse(`${source.status().artifactLastRetrieved}`)).toBeLessThan(later - 3_500_000)
})

it('decides by the copy while the server is down', async () => {
  const { storage } = await visited('yesterday')
  world.server.act(status(403))
  const { source, names } = world.start({}, { storage })
  await vi.waitFor(() => expect(names()).toEqual(['clientReady', 'artifactDownloadFailed']))
  expect(source.current()).toEqual({ name: 'yesterday' })
})

it('uses no copy that is older than a day, nor one from the future', async () => {
  const { storage } = await visited('old')
  world.server.act(silence)
  for (const hours of [25, -25]) {
    const { source } = world.start({}, { storage, now: () => Date.now() + hours * 3_600_000 })
    expect(source.current()).toBeUndefined()
  }
})

it('keeps the copies of two addresses apart', async () => {
  const { kept, storage } = await visited('one')
  const { source } = world.start({ artifactLocation: `${world.server.url}/other.json` }, { storage })
  expect(source.current()).toBeUndefined()
  await vi.waitFor(() => expect(kept.size).toBe(2))
})

it('prefers a given artifact', async () => {
  const { storage } = await visited('yesterday')
  const { source } = world.start({ artifactPayload: artifact('given') }, { storage })
  expect(source.current()).toEqual({ name: 'given' })
})

it('takes a storage that answers later', async () => {
  const { kept } = await visited('yesterday')
  world.server.act(silence)
  const storage = {
    getItem: async (key: string) => kept.get(key) ?? null,
    setItem: async (key: string, text: string) => void kept.set(key, text),
  }
  const { source } = world.start({}, { storage: () => storage })
  expect(await source.ready()).toEqual({ name: 'yesterday' })
})

it('does not go back to a copy that comes after the download', async () => {
  const { kept } = await visited('yesterday')
  world.server.act(rules('today'))
  let give = () => {}
  const gate = new Promise<void>((resolve) => {
    give = resolve
  })
  const getItem = (key: string) => gate.then(() => kept.get(key))
  const { source } = world.start({}, { storage: () => ({ getItem, setItem: () => {} }) })
  await source.ready()
  give()
  await new Promise((resolve) => setImmediate(resolve))
  expect(source.current()).toEqual({ name: 'today' })
})

it('keeps nothing larger than a MiB, and leaves no older copy in its place', async () => {
  const { kept, storage } = await visited('small')
  world.server.act(send(JSON.stringify(artifact('large', { text: 'x'.repeat(2 ** 20) }))))
  const { source } = world.start({}, { storage })
  await vi.waitFor(() => expect(source.current()).toEqual({ name: 'large' }))
  await vi.waitFor(() => expect([...kept.values()].join('')).toHaveLength(0))
  source.close()
  world.server.act(silence)
  expect(world.start({}, { storage }).source.current()).toBeUndefined()
})

const denied = () => {
  throw new DOMException('The operation is insecure.', 'SecurityError')
}
const full = () => {
  throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
}

it.each([
  ['is denied', denied],
  ['cannot be read', () => createStorage({ getItem: denied }).storage()],
  ['is full', () => createStorage({ setItem: full }).storage()],
  ['rejects reads', () => createStorage({ getItem: () => Promise.reject(new Error('broken')) }).storage()],
  ['rejects writes', () => createStorage({ setItem: () => Promise.reject(new Error('broken')) }).storage()],
] as const)('works with a storage that %s, and says so once', async (_, storage) => {
  const { source, names } = world.start({}, { storage })
  expect(await source.ready()).toEqual({ name: 'first' })
  await vi.waitFor(() => expect(names().filter((name) => name === 'warning')).toHaveLength(1))
  expect(names().filter((name) => name !== 'warning')).toEqual(['artifactDownloadSucceeded', 'clientReady'])
})

it.each([
  ['half a copy', (text: string) => text.slice(0, -5), 1],
  ['another shape', (text: string) => text.replace(/\n.*/, '\n{}'), 1],
  ['no date', (text: string) => text.replace(/^\d+/, 'soon'), 0],
  ['only a date', (text: string) => text.replace(/\n.*/, ''), 0],
  ['nothing', () => '', 0],
])('does not use a copy with %s', async (_, spoil, warnings) => {
  const { kept, storage } = await visited('yesterday')
  for (const [key, text] of kept) kept.set(key, spoil(text))
  world.server.act(rules('today'))
  const { source, names } = world.start({}, { storage })
  expect(source.current()).toBeUndefined()
  expect(await source.ready()).toEqual({ name: 'today' })
  expect(names().filter((name) => name === 'warning')).toHaveLength(warnings)
})

it.each([42, {}, true, undefined])('does not use a copy that is %j', async (found) => {
  const { storage } = createStorage({ getItem: () => found as unknown as string })
  expect(await world.start({}, { storage }).source.ready()).toEqual({ name: 'first' })
})

it('works where there is no storage', async () => {
  const { source, names } = world.start({}, { storage: () => undefined })
  await source.ready()
  expect(names()).toEqual(['artifactDownloadSucceeded', 'clientReady'])
})

it('keeps no bad artifact', async () => {
  const { kept, storage } = createStorage()
  world.server.act(send('<html>'))
  await rejection(world.start({}, { storage }).source.ready())
  expect(kept.size).toBe(0)
})

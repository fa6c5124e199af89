import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Artifact } from '../../src/decisioning.ts'
import { createEmulator } from '../../src/emulator.ts'
import { type Client, mboxes, TargetClient } from '../../src/server.ts'
import { artifactOf, rule } from '../decisioning/rules.ts'
import { by, ORGANIZATION, openShop } from './world.ts'

// How a client gets its rules, keeps them, and what it says of it.

const asking = { request: { ...by('vera'), prefetch: { mboxes: mboxes('hero') } }, sessionId: 's-1' }
const rulesWith = (content: string): Artifact => artifactOf({ mboxes: { hero: [rule({ name: 'hero', content })] } })
const contentOf = async (target: Client) =>
  (await target.getOffers(asking)).response.prefetch?.mboxes?.[0]?.options?.[0]?.content
type World = Awaited<ReturnType<typeof openShop>>
const names = ({ told }: World) => told.map(({ type }) => type)

describe('the first rules', () => {
  test('are waited for by calls that come before them', async () => {
    const world = await openShop()
    const target = world.create()
    const both = await Promise.all([target.getOffers(asking), target.getOffers(asking)])
    expect(both.map(({ meta }) => meta.decisioningMethod)).toEqual(['on-device', 'on-device'])
    expect(world.downloads()).toHaveLength(1)
  })

  test('are told: what came, from where, and that the client is ready', async () => {
    const world = await openShop()
    await world.ready()
    await expect.poll(() => names(world)).toEqual(['artifactDownloadSucceeded', 'clientReady'])
    expect(world.told).toEqual([
      {
        type: 'artifactDownloadSucceeded',
        since: expect.any(Number),
        artifactLocation: world.artifactLocation,
        artifactPayload: expect.objectContaining({ version: '1.0.0', localMboxes: expect.arrayContaining(['hero']) }),
      },
      { type: 'clientReady' },
    ])
  })

  test('are told to the listeners of the options too', async () => {
    const { create } = await openShop()
    const types: string[] = []
    const listen = ({ type }: { type: string }) => types.push(type)
    await create({ events: { clientReady: listen, artifactDownloadSucceeded: listen } }).ready()
    await expect.poll(() => types).toEqual(['artifactDownloadSucceeded', 'clientReady'])
  })

  test('that do not come in time make calls fail, and may still come', async () => {
    const world = await openShop({ latency: ({ method }) => (method === 'GET' ? 100 : 0) })
    const target = world.create({ maximumWaitReady: 1 })
    await expect(target.getOffers(asking)).rejects.toMatchObject({
      name: 'TargetError',
      code: 'NOT_READY',
      message: expect.stringMatching(/^Unable to fulfill request; decisioning engine not ready\./),
    })
    await expect.poll(() => names(world)).toContain('clientReady')
    expect(await contentOf(target)).toBe('<h1>Sun</h1>')
  })

  test('are not waited for beyond the timeout or the patience of a call', async () => {
    const world = await openShop({ latency: 60_000 })
    const target = world.create()
    await expect(target.getOffers({ ...asking, timeout: 20 })).rejects.toMatchObject({ code: 'TIMEOUT' })
    await expect(target.getOffers({ ...asking, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    })
    const controller = new AbortController()
    const failed = expect(target.getOffers({ ...asking, signal: controller.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    })
    controller.abort()
    await failed
  })

  test.each([
    ['is refused', { status: 403, body: '<Error/>' }, { code: 'HTTP_ERROR', status: 403, attempts: 1 }],
    ['is no JSON', { body: '<html>' }, { code: 'PARSE_ERROR' }],
    [
      'is of another version',
      { body: JSON.stringify({ ...rulesWith('x'), version: '2.0.0' }) },
      { code: 'INVALID_ARGUMENT' },
    ],
  ])('make calls fail when the download %s, and that is told', async (_, fault, error) => {
    const world = await openShop()
    world.edge.fail(fault)
    const target = world.create({ maximumWaitReady: 2 ** 31 })
    await expect(target.getOffers(asking)).rejects.toMatchObject({ code: 'NOT_READY', cause: error })
    expect(world.told).toEqual([
      {
        type: 'artifactDownloadFailed',
        since: expect.any(Number),
        artifactLocation: world.artifactLocation,
        error: expect.objectContaining(error),
      },
    ])
    await expect(target.getOffers({ ...asking, decisioningMethod: 'server-side' })).resolves.toBeDefined()
  })

  test('that are given need no download', async () => {
    const world = await openShop()
    const target = await world.ready({ artifactPayload: rulesWith('given') })
    expect(await contentOf(target)).toBe('given')
    await expect.poll(() => names(world)).toEqual(['clientReady'])
    expect(world.downloads()).toEqual([])
  })

  test('may be obfuscated', async () => {
    const { ready, artifactLocation, downloads } = await openShop()
    const target = await ready({ artifactLocation: artifactLocation.replace('.json', '.bin') })
    expect(await contentOf(target)).toBe('<h1>Sun</h1>')
    expect(downloads().map(({ url }) => url)).toEqual([expect.stringMatching(/rules\.bin$/)])
  })

  test.each([
    [{}, '/acme/production/v1/rules.json'],
    [{ environment: 'STAGING', artifactFormat: 'bin' }, '/acme/staging/v1/rules.bin'],
    [{ propertyToken: 'p-1' }, '/acme/production/v1/p-1/rules.json'],
  ])('are found by client, environment and property, through fetchApi: %j', async (options, path) => {
    const edge = createEmulator({ offers: { hero: 'x' }, organizationId: ORGANIZATION })
    const account = { client: 'acme', organizationId: ORGANIZATION, decisioningMethod: 'on-device' as const }
    const target = TargetClient.create({ ...account, fetchApi: edge, ...options })
    await target.ready()
    expect(edge.requests.map(({ method, url }) => [method, url])).toEqual([
      ['GET', `https://assets.adobetarget.com${path}`],
    ])
    expect(await contentOf(target)).toBe('x')
    await target.close()
  })
})

describe('in the course of time', () => {
  // The edge is asked in memory: a jump of minutes would fire the time limits of a real connection as well.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }))
  afterEach(() => void vi.useRealTimers())

  const poll = async ({ downloads }: World) => {
    const { length } = downloads()
    await vi.advanceTimersByTimeAsync(330_001)
    expect(downloads().length).toBe(length + 1)
  }
  const inMemory = async () => {
    const world = await openShop()
    return { ...world, ready: (options = {}) => world.ready({ fetchApi: world.edge, ...options }) }
  }
  const serve = ({ edge }: World, content: string) =>
    edge.fail({ body: JSON.stringify(rulesWith(content)), headers: { etag: `"${content}"` } })

  test('rules that could not be had at first are had at the next poll', async () => {
    const world = await inMemory()
    world.edge.fail({ status: 404 })
    const target = world.create({ fetchApi: world.edge })
    await expect(target.ready()).rejects.toMatchObject({ code: 'NOT_READY', cause: { status: 404 } })
    await expect(target.getOffers(asking)).rejects.toMatchObject({ code: 'NOT_READY' })
    await poll(world)
    expect(await contentOf(target)).toBe('<h1>Sun</h1>')
    await target.ready()
    expect(names(world)).toEqual(['artifactDownloadFailed', 'artifactDownloadSucceeded', 'clientReady'])
  })

  test('newer rules take over, the same ones are asked for by their tag, and bad ones change nothing', async () => {
    const world = await inMemory()
    const target = await world.ready()
    const first = world.edge.requests[0]
    await poll(world)
    const tag = world.downloads()[1]?.headers['if-none-match']
    expect([first?.status, tag, world.downloads()[1]?.status]).toEqual([200, expect.stringMatching(/^"/), 304])
    serve(world, 'newer')
    await poll(world)
    expect(await contentOf(target)).toBe('newer')
    world.edge.fail({ body: '{"version":"1.0.0","rules"', headers: { etag: '"half"' } })
    await poll(world)
    expect(await contentOf(target)).toBe('newer')
    world.edge.fail({ status: 403 })
    await poll(world)
    expect(await contentOf(target)).toBe('newer')
    expect(
      world
        .downloads()
        .slice(-2)
        .map(({ headers }) => headers['if-none-match']),
    ).toEqual(['"newer"', '"newer"'])
    expect(names(world)).toEqual([
      'artifactDownloadSucceeded',
      'clientReady',
      'artifactDownloadSucceeded',
      'artifactDownloadFailed',
      'artifactDownloadFailed',
    ])
  })

  test('a given artifact is replaced by a newer one', async () => {
    const world = await inMemory()
    const target = await world.ready({ artifactPayload: rulesWith('given') })
    await poll(world)
    expect(await contentOf(target)).toBe('<h1>Sun</h1>')
  })

  test('a closed client asks no more', async () => {
    const world = await inMemory()
    const target = await world.ready()
    await target.close()
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(world.downloads()).toHaveLength(1)
  })
})

describe('a closed client', () => {
  test('refuses calls, values and reports', async () => {
    const { ready } = await openShop()
    const target = await ready()
    const visitor = target.visitor('')
    const { response } = await visitor.getOffers({ request: { prefetch: { mboxes: mboxes('hero') } } })
    await target.close()
    for (const decisioningMethod of ['on-device', 'hybrid', 'server-side'] as const) {
      await expect(target.getOffers({ ...asking, decisioningMethod })).rejects.toMatchObject({ code: 'CLOSED' })
    }
    const [hero] = response.prefetch?.mboxes ?? []
    expect(hero && visitor.display(hero)).toBeUndefined()
  })

  test('tells those who wait for the rules', async () => {
    const { create, downloads } = await openShop({ latency: 60_000 })
    const target = create()
    const failed = expect(target.getOffers(asking)).rejects.toMatchObject({ code: 'CLOSED' })
    await expect.poll(downloads).toHaveLength(1)
    await target.close()
    await failed
  })

  test('sends what was shown before', async () => {
    const { ready, edge } = await openShop()
    const target = await ready({ notificationDelay: 60_000 })
    await target.getOffers({ request: { ...by('vera'), execute: { mboxes: mboxes('hero') } }, sessionId: 's-1' })
    expect(await target.close()).toEqual({ sent: 1, rejected: 0, pending: 0 })
    expect(edge.ledger.total('impression')).toBe(1)
  })
})

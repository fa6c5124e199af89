import { describe, expect, test } from 'vitest'
import { mboxes, view } from '../../src/server.ts'
import { by, openShop } from './world.ts'

// Who decides: the device, the edge, or both.

const asking = (...names: string[]) => ({
  request: { ...by('vera'), prefetch: { mboxes: mboxes(...names) } },
  sessionId: 's-1',
})
const remoteOf = (remoteMboxes: string[] = [], remoteViews: string[] = []) => ({ remoteMboxes, remoteViews })

describe('on-device', () => {
  test('decides without a call', async () => {
    const { ready, posts } = await openShop()
    const target = await ready()
    const { response, meta, status } = await target.getOffers(asking('hero', 'flags'))
    expect(response).toMatchObject({ status: 200, client: 'acme', id: { tntId: 'vera' } })
    expect(response.prefetch?.mboxes?.map(({ options }) => options?.[0]?.content)).toEqual([
      '<h1>Sun</h1>',
      { columns: 4, isNew: true },
    ])
    expect(response).not.toHaveProperty('edgeHost')
    expect(meta).toEqual({ decisioningMethod: 'on-device', ...remoteOf() })
    expect(status).toEqual({ status: 200, message: 'OK', ...remoteOf() })
    expect(posts()).toEqual([])
  })

  test('says what it cannot decide, and answers the rest', async () => {
    const { ready, posts } = await openShop()
    const target = await ready()
    const { response, meta, status } = await target.getOffers({
      request: {
        ...by('vera'),
        execute: { mboxes: mboxes('hero', 'member') },
        prefetch: { mboxes: mboxes('mixed', 'misspelt'), views: [view('account'), view('home')] },
      },
    })
    const remote = remoteOf(['mixed', 'misspelt', 'member'], ['account'])
    expect(status).toEqual({ status: 206, message: 'OK', ...remote })
    expect(meta).toEqual({ decisioningMethod: 'on-device', ...remote })
    expect(response.status).toBe(206)
    expect(response.execute?.mboxes).toMatchObject([{ name: 'hero' }, { index: 1, name: 'member' }])
    expect(response.execute?.mboxes?.[1]).not.toHaveProperty('options')
    expect(response.prefetch?.mboxes?.map(({ name, options }) => [name, options?.[0]?.content])).toEqual([
      ['mixed', 'for all'],
      ['misspelt', undefined],
    ])
    expect(response.prefetch?.views?.map(({ name }) => name)).toEqual(['home'])
    expect(posts()).toEqual([])
  })

  test('may be asked of a client that asks the edge, which then loads the engine', async () => {
    const { create, posts, downloads, told } = await openShop()
    const target = create({ decisioningMethod: 'server-side' })
    expect((await target.getOffers(asking('hero'))).meta.decisioningMethod).toBe('server-side')
    expect(downloads()).toEqual([])
    const near = await target.getOffers({ ...asking('hero'), decisioningMethod: 'on-device' })
    expect([near.meta.decisioningMethod, posts().length, downloads().length]).toEqual(['on-device', 1, 1])
    expect((await target.getOffers(asking('hero'))).meta.decisioningMethod).toBe('server-side')
    expect(told.filter(({ type }) => type === 'clientReady')).toHaveLength(1)
  })

  test('gives way to the edge for a call that wants it', async () => {
    const { ready, posts } = await openShop()
    const target = await ready()
    const { response, meta } = await target.getOffers({ ...asking('hero'), decisioningMethod: 'server-side' })
    expect(meta.decisioningMethod).toBe('server-side')
    expect(response.prefetch?.mboxes?.[0]?.options?.[0]?.content).toBe('<h1>Sun</h1>')
    expect(posts()).toHaveLength(1)
  })

  test('gives attributes', async () => {
    const { ready, posts } = await openShop()
    const target = await ready({ notificationDelay: 60_000 })
    const attributes = await target.getAttributes(['flags'], { request: by('vera'), sessionId: 's-1' })
    expect(attributes.getValue('flags', 'columns', 1)).toBe(4)
    expect(attributes.asObject('flags')).toEqual({ columns: 4, isNew: true })
    expect(posts()).toEqual([])
    await target.flush()
    expect(posts()[0]?.body.notifications).toHaveLength(1)
  })

  test('gives traces and response tokens, and says where the rules are from', async () => {
    const { ready, artifactLocation } = await openShop()
    const target = await ready()
    const { trace, responseTokens } = await target.getOffers({
      request: { ...asking('hero').request, trace: { authorizationToken: 't' } },
      sessionId: 's-1',
    })
    expect(trace).toMatchObject([
      {
        clientCode: 'acme',
        artifact: { artifactLocation, artifactVersion: '1.0.0', environment: 'production', artifactRetrievalCount: 1 },
        profile: { visitorId: { tntId: 'vera' } },
        request: { sessionId: 's-1', mbox: { name: 'hero', type: 'prefetch' } },
        campaigns: [{ id: 101, branchId: 1 }],
      },
    ])
    expect(responseTokens).toMatchObject([
      { 'activity.id': 101, 'experience.name': 'Sun', 'activity.decisioningMethod': 'on-device' },
    ])
  })
})

describe('whatever the method, the edge is asked', () => {
  const qaMode = { token: 't', previewIndexes: [{ activityIndex: 1, experienceIndex: 1 }] }

  test.each(['on-device', 'hybrid'] as const)('in QA mode and in a preview (%s)', async (decisioningMethod) => {
    const { ready, posts } = await openShop()
    const target = await ready({ decisioningMethod })
    const quality = await target.getOffers({ request: { ...asking('hero').request, qaMode } })
    expect(quality.response.prefetch?.mboxes?.[0]?.options?.[0]?.content).toBe('<h1>Hello</h1>')
    const preview = await target.getOffers({ request: { ...asking('hero').request, preview: { token: 't' } } })
    expect([quality, preview].map(({ meta }) => meta.decisioningMethod)).toEqual(['server-side', 'server-side'])
    expect(posts()).toMatchObject([{ body: { qaMode } }, { body: { preview: { token: 't' } } }])
  })

  test('for what is no decision', async () => {
    const { ready, posts } = await openShop()
    const target = await ready()
    await target.getOffers({ request: by('vera') })
    expect(posts()).toHaveLength(1)
  })

  test('and a wrong method is told', async () => {
    const { create, ready } = await openShop()
    expect(() => create({ decisioningMethod: 'near' as never })).toThrow(/Must be set to one of: on-device/)
    const target = await ready()
    await expect(target.getOffers({ ...asking('hero'), decisioningMethod: 'near' as never })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      path: 'decisioningMethod',
    })
  })
})

describe('hybrid', () => {
  test('decides on the device what the rules hold', async () => {
    const { ready, posts } = await openShop()
    const target = await ready({ decisioningMethod: 'hybrid' })
    const { meta } = await target.getOffers({
      request: {
        ...by('vera'),
        execute: { pageLoad: {} },
        prefetch: { mboxes: mboxes('hero'), views: [view('cart')] },
      },
    })
    expect(meta).toEqual({ decisioningMethod: 'on-device', ...remoteOf() })
    expect(posts()).toEqual([])
  })

  test.each([
    ['an mbox that is for the edge', { mboxes: mboxes('hero', 'member') }, ['member'], []],
    ['an mbox of which the rules hold a part', { mboxes: mboxes('mixed', 'hero') }, ['mixed'], []],
    ['an mbox that nobody knows', { mboxes: mboxes('hero', 'misspelt') }, ['misspelt'], []],
    ['a view that is for the edge', { mboxes: mboxes('hero'), views: [view('account')] }, [], ['account']],
    ['all views, of which one is', { views: [{}] }, [], ['account']],
  ])('asks the edge for all when there is %s', async (...[, prefetch, ...lists]) => {
    const { ready, edge, posts } = await openShop()
    const target = await ready({ decisioningMethod: 'hybrid' })
    const { meta, status, response } = await target.getOffers({ request: { ...by('vera'), prefetch } })
    expect(meta).toEqual({ decisioningMethod: 'server-side', ...remoteOf(...lists) })
    expect(status).toMatchObject({ status: 200, ...remoteOf(...lists) })
    expect(response.edgeHost).toBe('mboxedge35.tt.omtrdc.net')
    expect(posts()).toMatchObject([{ body: { prefetch } }])
    expect(edge.ledger.entries).toEqual([])
  })

  test('what the edge executes counts once', async () => {
    const { ready, edge } = await openShop()
    const target = await ready({ decisioningMethod: 'hybrid' })
    await target.getOffers({ request: { ...by('vera'), execute: { mboxes: mboxes('hero', 'member') } } })
    expect(await target.flush()).toEqual({ sent: 0, rejected: 0, pending: 0 })
    expect(edge.ledger.total('impression')).toBe(1)
  })

  test('asks the edge as long as there are no rules', async () => {
    const { create, edge, posts } = await openShop()
    edge.fail({ status: 403, times: 1 })
    const target = create({ decisioningMethod: 'hybrid', pollingInterval: 0 })
    const failed = new Promise((resolve) => target.on('artifactDownloadFailed', resolve))
    await failed
    const { meta } = await target.getOffers(asking('hero'))
    expect(meta).toEqual({ decisioningMethod: 'server-side', ...remoteOf() })
    expect(posts()).toHaveLength(1)
  })

  test('is not answered when the caller has given up, wherever it would be decided', async () => {
    const { ready, posts } = await openShop()
    const target = await ready({ decisioningMethod: 'hybrid' })
    for (const name of ['hero', 'member']) {
      const call = target.getOffers({ ...asking(name), signal: AbortSignal.abort() })
      await expect(call).rejects.toMatchObject({ name: 'TargetError', code: 'ABORTED' })
    }
    expect(posts()).toEqual([])
  })

  test('fails as the edge does', async () => {
    const { ready, edge } = await openShop()
    const target = await ready({ decisioningMethod: 'hybrid' })
    edge.fail({ status: 503 })
    await expect(target.getOffers(asking('member'))).rejects.toMatchObject({ code: 'HTTP_ERROR', status: 503 })
  })

  test('may be asked of a client that asks the edge', async () => {
    const { create, posts } = await openShop()
    const target = create({ decisioningMethod: 'server-side' })
    const call = { ...asking('hero'), decisioningMethod: 'hybrid' as const }
    const first = await target.getOffers(call)
    expect(first.meta).toEqual({ decisioningMethod: 'server-side', ...remoteOf() })
    await expect.poll(async () => (await target.getOffers(call)).meta.decisioningMethod).toBe('on-device')
    const { length } = posts()
    await target.getOffers(call)
    expect(posts()).toHaveLength(length)
  })
})

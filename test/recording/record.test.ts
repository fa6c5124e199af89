import { expect, it, onTestFinished } from 'vitest'
import {
  createEmulator,
  createRecorder,
  createReplay,
  type Emulator,
  type EmulatorOptions,
} from '../../src/emulator.ts'
import { mboxes, TargetClient } from '../../src/server.ts'
import { ask, named, post, said } from '../emulator/call.ts'
import { loadAdobe } from '../server-sdks/adobe.ts'

const shop: EmulatorOptions['offers'] = {
  activities: [
    {
      id: 101,
      name: 'Summer',
      experiences: [
        {
          name: 'Sun',
          offers: { hero: '<h1>Sun</h1>', flags: { json: { newCheckout: true } } },
          views: { checkout: [{ type: 'setHtml', selector: '#pay', content: 'Pay now' }] },
        },
      ],
      clicks: { hero: true },
      conversions: ['thanks'],
    },
    {
      id: 102,
      name: 'Gold',
      audience: { parameters: { plan: 'gold' } },
      experiences: [{ name: 'Only', offers: { cart: 'free shipping' } }],
    },
  ],
}

const clientOf = (fetchApi: typeof fetch) =>
  TargetClient.create({ client: 'acme', organizationId: 'ABC@AdobeOrg', fetchApi, retries: 0 })

/** What a client of ours does for one visitor, and sees. */
const visit = async (fetchApi: typeof fetch) => {
  const target = clientOf(fetchApi)
  const visitor = target.visitor('')
  const { response } = await visitor.getOffers({
    request: { prefetch: { mboxes: mboxes('hero', 'flags'), views: [{}] } },
  })
  const [hero, flags] = response.prefetch?.mboxes ?? []
  if (hero) visitor.display(hero)
  if (hero) visitor.click(hero)
  visitor.track('thanks', { order: { id: 'o-771', total: 20 } })
  const { response: cart } = await visitor.getOffers({
    request: { execute: { mboxes: [{ name: 'cart', parameters: { plan: 'gold', name: 'Anna-Lena' } }] } },
  })
  const report = await target.close()
  return {
    hero: hero?.options?.map(({ content, type }) => ({ content, type })),
    flags: flags?.options?.[0]?.content,
    views: response.prefetch?.views?.map(({ name, options }) => [name, options?.map(({ content }) => content)]),
    cart: cart.execute?.mboxes?.[0]?.options?.[0]?.content,
    report,
    tntId: response.id?.tntId,
  }
}

const recorded = async (edge: Emulator, keep: string[] = []) => {
  const recorder = createRecorder({ to: 'https://acme.tt.omtrdc.net', fetchApi: edge, keep })
  return { recorder, seen: await visit(recorder) }
}

it('a client that was recorded sees the same in a replay, without the edge', async () => {
  const edge = createEmulator({ offers: shop })
  const { recorder, seen } = await recorded(edge)
  expect(seen).toMatchObject({
    hero: [{ content: '<h1>Sun</h1>', type: 'html' }],
    flags: { newCheckout: true },
    cart: 'free shipping',
  })
  expect(edge.ledger.total('click')).toBe(1)
  const calls = edge.requests.length

  const replay = createReplay(JSON.parse(JSON.stringify(recorder.recording)))
  const { tntId, ...again } = await visit(replay)
  const { tntId: before, ...first } = seen
  expect(again).toEqual(first)
  expect(tntId).toBe('recorded-device-1.35_0')
  expect(before).not.toBe(tntId)
  expect({ missed: replay.missed, calls: edge.requests.length }).toEqual({ missed: [], calls })
})

it("serves Adobe's SDK too", async () => {
  const edge = createEmulator({ offers: shop })
  const contentBy = async (fetchApi: typeof fetch) => {
    const target = loadAdobe().create({ client: 'acme', organizationId: 'ABC@AdobeOrg', fetchApi })
    const { response, targetCookie } = await target.getOffers({
      request: { prefetch: { mboxes: [{ name: 'hero', index: 0 }] } },
    })
    const [hero] = response.prefetch?.mboxes ?? []
    const tokens = hero?.options?.flatMap(({ eventToken = [] }) => eventToken) ?? []
    const notification = { id: 'n-1', type: 'display', timestamp: Date.now(), tokens } as const
    const sent = await target.sendNotifications({
      request: { notifications: [{ ...notification, mbox: { name: 'hero', state: hero?.state } }] },
      ...(targetCookie && { targetCookie: targetCookie.value }),
    })
    return [hero?.options?.[0]?.content, sent.response.notifications?.map(({ id }) => id)]
  }
  const recorder = createRecorder({ fetchApi: edge })
  const seen = await contentBy(recorder)
  expect(seen).toEqual(['<h1>Sun</h1>', ['n-1']])
  expect(await contentBy(createReplay(recorder.recording))).toEqual(seen)
})

it('writes neither ids nor tokens nor values', async () => {
  const edge = createEmulator({ offers: shop })
  const { recorder, seen } = await recorded(edge, ['plan'])
  const text = JSON.stringify(recorder.recording)
  expect(text).toContain('"plan":"gold"')
  expect(text).toContain('recorded-device-1.35_0')
  expect(text).not.toContain('Anna-Lena')
  expect(text).not.toContain('o-771')
  expect(text).not.toContain(`${seen.tntId}`.replace(/\..*/, ''))
  const sessions = edge.requests.map(({ url }) => new URL(url).searchParams.get('sessionId') ?? '')
  for (const session of sessions) expect(text).not.toContain(session)
})

it('answers over HTTP as the edge does, of which it is asked alone', async () => {
  const edge = createEmulator({ offers: shop, client: 'acme' })
  const { url, close } = await edge.listen()
  onTestFinished(close)
  const recorder = createRecorder({ to: url })
  const own = await recorder.listen()
  onTestFinished(own.close)
  const call = (path: string, init: RequestInit = {}) => fetch(`${own.url}${path}`, init)
  const body = JSON.stringify({ context: { channel: 'web' }, execute: named('hero') })
  const answer = await call('/rest/v1/delivery?client=acme&sessionId=s-1', { method: 'POST', body })
  expect(await answer.json()).toMatchObject({ execute: { mboxes: [{ options: [{ content: '<h1>Sun</h1>' }] }] } })
  const rules = await call('/acme/production/v1/rules.json', { headers: { 'if-none-match': '"x"' } })
  expect(await rules.json()).toMatchObject({ version: '1.0.0' })
  const refused = await call('/rest/v1/delivery?client=other&sessionId=s-1', { method: 'POST', body })
  expect(refused.status).toBe(400)
  expect((await call('/admin')).status).toBe(404)
  const beacon = JSON.stringify({ context: { channel: 'web', beacon: true }, execute: named('hero') })
  expect((await call('/rest/v1/delivery?client=acme&sessionId=s-2', { method: 'POST', body: beacon })).status).toBe(204)
  expect(recorder.recording.exchanges.map(({ request, response }) => [request.path, response.status])).toEqual([
    ['/rest/v1/delivery', 200],
    ['/acme/production/v1/rules.json', 200],
    ['/rest/v1/delivery', 400],
    ['/rest/v1/delivery', 204],
  ])
  const replay = createReplay(recorder.recording)
  const played = await replay('https://assets.adobetarget.com/acme/production/v1/rules.json')
  expect(await played.json()).toMatchObject({ version: '1.0.0' })
  const etag = played.headers.get('etag') ?? ''
  const fresh = await replay('https://x.example/acme/production/v1/rules.json', { headers: { 'if-none-match': etag } })
  expect(fresh.status).toBe(304)
})

it('says that the edge gave no answer, and records nothing', async () => {
  const recorder = createRecorder({ to: 'http://127.0.0.1:1' })
  const { url, close } = await recorder.listen()
  onTestFinished(close)
  const answer = await fetch(`${url}/rest/v1/delivery?client=acme&sessionId=s`, { method: 'POST', body: '{}' })
  expect([answer.status, await answer.text()]).toEqual([502, expect.stringContaining('127.0.0.1:1 gave no answer')])
  expect(recorder.recording.exchanges).toEqual([])
})

it('gives what was asked more than once in the order in which it was asked, and stays with the last', async () => {
  let round = 0
  const recorder = createRecorder({
    fetchApi: async (input, init) => {
      const edge = createEmulator({ offers: { hero: `round ${++round}` } })
      return edge(input, init)
    },
  })
  const contentOf = async (fetchApi: typeof fetch) => {
    const { execute } = await ask(fetchApi, { execute: named('hero') })
    return execute?.mboxes?.[0]?.options?.[0]?.content
  }
  expect([await contentOf(recorder), await contentOf(recorder)]).toEqual(['round 1', 'round 2'])
  const replay = createReplay(recorder.recording)
  expect(replay.unasked.length).toBe(2)
  expect([await contentOf(replay), await contentOf(replay), await contentOf(replay)]).toEqual([
    'round 1',
    'round 2',
    'round 2',
  ])
  expect(replay.unasked).toEqual([])
  replay.reset()
  expect(await contentOf(replay)).toBe('round 1')
})

it('puts the own ids of a caller into the answer', async () => {
  const recorder = createRecorder({ fetchApi: createEmulator({ offers: { hero: 'x' } }) })
  const id = { tntId: 'abc.28_0', thirdPartyId: 'anna', marketingCloudVisitorId: '1'.repeat(38) }
  await post(recorder, { id, requestId: 'r-1', execute: named('hero') })
  const replay = createReplay(recorder.recording)
  const other = { tntId: 'other.31_0', thirdPartyId: 'berta', marketingCloudVisitorId: '2'.repeat(38) }
  const answer = await post(replay, { id: other, requestId: 'r-2', execute: named('hero') })
  expect(await answer.json()).toMatchObject({ requestId: 'r-2', id: other })
})

it('tells a call that was not recorded which is the nearest', async () => {
  const recorder = createRecorder({ fetchApi: createEmulator({ offers: { hero: 'x' } }), keep: ['plan'] })
  const asked = (plan: string) => ({ execute: { mboxes: [{ index: 0, name: 'hero', parameters: { plan } }] } })
  await post(recorder, { prefetch: named('hero') })
  await post(recorder, asked('gold'))
  const replay = createReplay(recorder.recording)
  expect((await post(replay, asked('gold'))).status).toBe(200)
  const missed = await post(replay, asked('silver'))
  expect(missed.status).toBe(404)
  expect(await missed.json()).toEqual({
    status: 404,
    message:
      'No recorded call asks: execute mbox hero plan=silver. The nearest is number 2: execute mbox hero plan=gold ' +
      '(+ execute mbox hero plan=silver, − execute mbox hero plan=gold). Record anew, or ask as it was recorded',
  })
  expect(replay.missed.length).toBe(1)
})

it('acknowledges what its own tokens report, and refuses others', async () => {
  const recorder = createRecorder({ fetchApi: createEmulator({ offers: { hero: 'x' } }) })
  await post(recorder, { prefetch: named('hero') })
  const replay = createReplay(recorder.recording)
  const { prefetch } = await ask(replay, { prefetch: named('hero') })
  const { state, options } = prefetch?.mboxes?.[0] ?? {}
  const tokens = options?.map(({ eventToken }) => eventToken)
  const good = await post(replay, { notifications: [said('n-1', { mbox: { name: 'hero', state }, tokens })] })
  expect(await good.json()).toMatchObject({ status: 200, notifications: [{ id: 'n-1' }] })
  const bad = await post(replay, { notifications: [said('n-2', { mbox: { name: 'hero' }, tokens: ['made up'] })] })
  expect(bad.status).toBe(400)
  expect(await bad.text()).toContain('Invalid Notification n-2')
})

it('goes on with a recording without using a stand-in twice', async () => {
  const edge = createEmulator({ offers: { hero: 'x' } })
  const first = createRecorder({ fetchApi: edge })
  await post(first, { id: { thirdPartyId: 'anna' }, execute: named('hero') })
  const second = createRecorder({ fetchApi: edge, recording: first.recording })
  await post(second, { id: { thirdPartyId: 'berta' }, execute: named('hero') })
  expect(second.recording.exchanges.map(({ request }) => request.body)).toMatchObject([
    { id: { thirdPartyId: 'recorded-third-party-1' } },
    { id: { thirdPartyId: 'recorded-third-party-2' } },
  ])
})

it('refuses what is no recording, and to call itself', async () => {
  await expect(createRecorder().listen()).rejects.toThrow(/^to: name the edge/)
  expect(() => createReplay({ activities: [] })).toThrow(/recording must be 1/)
  expect(() => createReplay({ recording: 1, kept: [], exchanges: [{ request: {} }] })).toThrow(/exchanges\.0 must have/)
  expect(() => createRecorder({ to: 'acme' })).toThrow(/to: must be an address/)
})

import { describe, expect, it } from 'vitest'
import hosts from './hosts.json' with { type: 'json' }
import { answering } from './recorder.ts'
import { cookieOf, failureOf, HERO, loosely, useEdge } from './setup.ts'

const edge = useEdge()
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

describe('where a call goes', () => {
  it('check 1: without any hint the client host is asked, by POST, at /rest/v1/delivery', async () => {
    const { target, urls } = edge.hosted()
    await target.getOffers({ request: HERO })
    expect(urls[0]?.origin).toBe('https://acme.tt.omtrdc.net')
    expect(urls[0]?.pathname).toBe('/rest/v1/delivery')
    expect(edge.recorder.only.method).toBe('POST')
  })

  it.each(hosts.clusters)('check 2: the tntId $tntId is asked at its edge cluster', async ({ tntId, cluster }) => {
    const { target, urls } = edge.hosted()
    await target.getOffers({ request: HERO, targetCookie: cookieOf('s1', tntId) })
    await target.getOffers({ request: { ...HERO, id: { tntId } } })
    expect(urls.map(({ host }) => host)).toEqual(Array(2).fill(`mboxedge${cluster}.tt.omtrdc.net`))
  })

  it('check 2: the cluster of the tntId goes before the location hint, and the hint before the client host', async () => {
    const { target, urls } = edge.hosted()
    await target.getOffers({ request: HERO, targetCookie: cookieOf('s1', 'abc.35_0'), targetLocationHint: '28' })
    await target.getOffers({ request: HERO, targetCookie: cookieOf('s1', 'abc'), targetLocationHint: '28' })
    expect(urls.map(({ host }) => host)).toEqual(['mboxedge35.tt.omtrdc.net', 'mboxedge28.tt.omtrdc.net'])
  })

  it('check 2: an edge cluster that cannot be reached gives way to the client host', async () => {
    const { target, urls } = edge.hosted()
    edge.recorder.answers({ reset: true })
    await target.getOffers({ request: HERO, targetCookie: cookieOf('s1', 'abc.35_0') })
    expect(urls.map(({ host }) => host)).toEqual(['mboxedge35.tt.omtrdc.net', 'acme.tt.omtrdc.net'])
  })

  it('check 3: serverDomain stays the host whatever cluster is known', async () => {
    const { target, urls } = edge.hosted({ serverDomain: 'target.example.com' })
    edge.recorder.answer(answering({ id: { tntId: 'abc.28_0' }, edgeHost: 'mboxedge28.tt.omtrdc.net' }))
    const { targetCookie } = await target.getOffers({ request: HERO, targetCookie: cookieOf('s1', 'abc.35_0') })
    await target.getOffers({ request: HERO, targetCookie: targetCookie.value, targetLocationHint: '28' })
    expect(urls.map(({ host }) => host)).toEqual(Array(2).fill('target.example.com'))
  })

  it('check 3: overrideMboxEdgeServer lets the cluster take the place of serverDomain', async () => {
    const { target, urls } = edge.hosted({ serverDomain: 'target.example.com', overrideMboxEdgeServer: true })
    await target.getOffers({ request: HERO })
    await target.getOffers({ request: HERO, targetCookie: cookieOf('s1', 'abc.35_0') })
    expect(urls.map(({ host }) => host)).toEqual(['target.example.com', 'mboxedge35.tt.omtrdc.net'])
  })

  it.each(hosts.noCluster)('check 4: the tntId %j names no cluster', async (tntId) => {
    const { target, urls } = edge.hosted()
    await target.getOffers({ request: { ...HERO, id: { tntId } } })
    await target.getOffers({ request: HERO, targetCookie: cookieOf('s1', encodeURIComponent(tntId)) })
    expect(urls.map(({ host }) => host)).toEqual(Array(2).fill('acme.tt.omtrdc.net'))
  })

  it.each(hosts.noHint)('check 4: the location hint %j never becomes part of a host', async (targetLocationHint) => {
    const { target, urls } = edge.hosted()
    await target.getOffers({ request: HERO, targetLocationHint })
    expect(urls[0]?.host).toBe('acme.tt.omtrdc.net')
  })

  it('check 5: the edge of one visitor is not the edge of the next', async () => {
    const { target, urls } = edge.hosted()
    edge.recorder.answer(answering({ id: { tntId: 'a' }, edgeHost: 'mboxedge28.tt.omtrdc.net' }))
    const first = await target.getOffers({ request: HERO })
    expect(first.targetLocationHintCookie).toEqual({ name: 'mboxEdgeCluster', value: '28', maxAge: 1860 })
    await target.getOffers({ request: HERO })
    await target.visitor('mbox=').getOffers({ request: HERO })
    expect(urls.map(({ host }) => host)).toEqual(Array(3).fill('acme.tt.omtrdc.net'))

    const targetLocationHint = first.targetLocationHintCookie?.value
    await target.getOffers({ request: HERO, targetLocationHint })
    expect(urls[3]?.host).toBe('mboxedge28.tt.omtrdc.net')
  })

  it('check 6: only secure: false talks http', async () => {
    const protocols = []
    for (const options of [{}, { secure: true }, { secure: false }]) {
      const { target, urls } = edge.hosted(options)
      await target.getOffers({ request: HERO })
      protocols.push(urls[0]?.protocol)
    }
    expect(protocols).toEqual(['https:', 'https:', 'http:'])
  })
})

describe('the query', () => {
  it('check 7: the organization is percent-encoded', async () => {
    await edge.client().getOffers({ request: HERO })
    expect(edge.recorder.only.url).toMatch(/[?&]imsOrgId=X%40AdobeOrg(&|$)/)
  })

  it.each(['abc', 'abc.35_0'])('check 8: every host hears which client asks, with tntId %s', async (tntId) => {
    const { target } = edge.hosted({ tenant: 'client' })
    await target.getOffers({ request: HERO, targetCookie: cookieOf('s1', tntId) })
    const { query } = edge.recorder.only
    expect([query.get('client'), query.has('imsOrgId')]).toEqual(['acme', false])
  })

  it('check 8: the tenant is named by exactly one parameter, imsOrgId unless told otherwise', async () => {
    const { target } = edge.hosted()
    await target.getOffers({ request: HERO, targetCookie: cookieOf('s1', 'abc.35_0') })
    const { query } = edge.recorder.only
    expect([query.get('imsOrgId'), query.has('client')]).toEqual(['X@AdobeOrg', false])
  })

  it('check 9: a # in a session id is percent-encoded', async () => {
    await edge.client().getOffers({ request: HERO, sessionId: 'a#b' })
    expect(edge.recorder.only.url).toMatch(/[?&]sessionId=a%23b(&|$)/)
  })

  it.each([
    ['check 9', 'a space', 'a b'],
    ['check 10', 'nothing', ''],
    ['check 10', '129 characters', 's'.repeat(129)],
    ['check 10', 'a question mark', 'a?b'],
    ['check 10', 'a slash', 'a/b'],
    ['check 10', 'an opening brace', 'a{b'],
    ['check 10', 'a closing brace', 'a}b'],
    ['check 10', 'a line break', 'a\nb'],
    ['check 10', 'a number', loosely<string>(5)],
  ])('%s: a session id of %s is rejected before the network', async (_check, _what, sessionId) => {
    const error = await failureOf(edge.client().getOffers({ request: HERO, sessionId }))
    expect(error).toMatchObject({ name: 'TargetError', code: 'INVALID_ARGUMENT', path: 'sessionId' })
    expect(edge.recorder.arrivals).toEqual([])
  })

  it('check 10: a session id of 128 characters is used as it is', async () => {
    const sessionId = 's'.repeat(128)
    await edge.client().getOffers({ request: HERO, sessionId })
    expect(edge.recorder.only.query.get('sessionId')).toBe(sessionId)
  })

  it('check 10: a session id that cannot be used is not taken from a cookie either', async () => {
    await edge.client().getOffers({ request: HERO, targetCookie: cookieOf('a%20b') })
    expect(edge.recorder.only.query.get('sessionId')).toMatch(/^[\da-f-]{32,36}$/)
  })
})

describe('the headers of a server', () => {
  it('check 11: the body is application/json', async () => {
    await edge.client().getOffers({ request: HERO })
    const { headers, body } = edge.recorder.only
    expect(headers['content-type']).toMatch(/^application\/json(;|$)/)
    expect(body.execute?.mboxes?.[0]?.name).toBe('hero')
  })

  it('check 12: the SDK says its name and version, and gives each call a uuid of its own', async () => {
    const target = edge.client()
    await target.getOffers({ request: HERO })
    await target.getOffers({ request: HERO })
    const [first, second] = edge.recorder.arrivals.map(({ headers }) => headers)
    expect(first).toMatchObject({ 'x-exc-sdk': expect.stringMatching(/./), 'x-exc-sdk-version': expect.any(String) })
    expect(first?.['x-exc-sdk-version']).toMatch(/^\d+\.\d+\.\d+/)
    expect(first?.['x-request-id']).toMatch(UUID)
    expect(second?.['x-request-id']).not.toBe(first?.['x-request-id'])
    expect(first?.['x-request-id']).not.toBe(edge.recorder.bodies[0]?.requestId)
  })

  it('check 12: headers of an answer are understood in any case', async () => {
    const start = performance.now()
    edge.recorder.answers({ status: 503, headers: { 'RETRY-AFTER': '1' } })
    await edge.client().getOffers({ request: HERO })
    expect(edge.recorder.arrivals).toHaveLength(2)
    expect(performance.now() - start).toBeGreaterThan(950)
  })
})

import { describe, expect, it } from 'vitest'
import cookies from './cookies.json' with { type: 'json' }
import { answering } from './recorder.ts'
import { cookieOf, HERO, inSeconds, useEdge } from './setup.ts'

const edge = useEdge()
const GENERATED = /^[\da-f]{32}$|^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

const sessionsOf = () => edge.recorder.arrivals.map(({ query }) => query.get('sessionId'))

describe('the session', () => {
  it('check 24: without any session one is made, and used again for the same visitor', async () => {
    const visitor = edge.client().visitor('theme=dark')
    await Promise.all([visitor.getOffers({ request: HERO }), visitor.getOffers({ request: HERO })])
    visitor.track('buy')
    await visitor.flush()
    const [first, ...others] = sessionsOf()
    expect(first).toMatch(GENERATED)
    expect(others).toEqual([first, first])
    expect(visitor.setCookies()).toEqual([
      expect.stringMatching(new RegExp(`^mbox=session#${first}#\\d+; Max-Age=1860; Path=/; SameSite=Lax$`)),
    ])
  })

  it('check 24: the cookie of a result carries the session to the next call and moves its end', async () => {
    const target = edge.client()
    const { targetCookie } = await target.getOffers({ request: HERO })
    expect(targetCookie).toMatchObject({ name: 'mbox', maxAge: 1860 })
    const aged = targetCookie.value.replace(/\d+$/, `${inSeconds(5)}`)
    const next = await target.getOffers({ request: HERO, targetCookie: aged })
    const [first, second] = sessionsOf()
    expect(second).toBe(first)
    const end = Number(next.targetCookie.value.split('#')[2])
    expect(Math.abs(end - inSeconds(1860))).toBeLessThanOrEqual(1)
  })

  it('check 24: a session is never the same for two who bring none', async () => {
    const target = edge.client()
    for (let call = 0; call < 5; call++) await target.getOffers({ request: HERO })
    expect(new Set(sessionsOf()).size).toBe(5)
  })

  it('check 25: visitors of one server process who ask at once never meet', async () => {
    const { target, urls } = edge.hosted()
    edge.recorder.answer((arrival, index) => {
      const visitor = `${arrival.query.get('sessionId')}`.slice(1)
      const { body } = answering({
        id: { tntId: `t${visitor}.${visitor}_0` },
        edgeHost: `mboxedge${visitor}.tt.omtrdc.net`,
      })(arrival, index)
      return { body, delay: (index * 7) % 20 }
    })
    const visitors = Array.from({ length: 20 }, (_, index) => index + 10)
    const ask = async (visitor: number) => {
      const one = target.visitor(`mbox=${cookieOf(`s${visitor}`)}`)
      await one.getOffers({ request: HERO })
      await one.getOffers({ request: HERO })
      return one.setCookies()
    }
    const kept = await Promise.all(visitors.map(ask))
    for (const [index, visitor] of visitors.entries()) {
      expect(kept[index]?.[0]).toContain(`PC#t${visitor}.${visitor}_0#`)
      const calls = edge.recorder.arrivals.filter(({ query }) => query.get('sessionId') === `s${visitor}`)
      expect(calls.map(({ body }) => body.id)).toEqual([undefined, { tntId: `t${visitor}.${visitor}_0` }])
      const hosts = urls.filter((url) => url.searchParams.get('sessionId') === `s${visitor}`).map(({ host }) => host)
      expect(hosts).toEqual(['acme.tt.omtrdc.net', `mboxedge${visitor}.tt.omtrdc.net`])
    }
  })

  it('check 26: an explicit session id goes before that of the cookie', async () => {
    const target = edge.client()
    const targetCookie = cookieOf('cookie', 'abc.35_0')
    const result = await target.getOffers({ request: HERO, targetCookie, sessionId: 'explicit' })
    await target.visitor(`mbox=${targetCookie}`).getOffers({ request: HERO, sessionId: 'explicit' })
    expect(sessionsOf()).toEqual(['explicit', 'explicit'])
    expect(result.targetCookie.value).toMatch(/^session#explicit#/)
    expect(edge.recorder.bodies.map(({ id }) => id?.tntId)).toEqual(['abc.35_0', 'abc.35_0'])
  })
})

describe('the mbox cookie', () => {
  it('check 27: a tntId that differs only in its suffix replaces the stored one', async () => {
    const visitor = edge.client().visitor(`mbox=${cookieOf('s1', 'abc.1_1')}`)
    edge.recorder.answer(answering({ id: { tntId: 'abc.28_120' } }))
    const { targetCookie } = await visitor.getOffers({ request: HERO })
    await visitor.getOffers({ request: HERO })
    expect(targetCookie.value).toMatch(/\|PC#abc\.28_120#\d+$/)
    expect(edge.recorder.bodies.map(({ id }) => id?.tntId)).toEqual(['abc.1_1', 'abc.28_120'])
    expect(visitor.setCookies()[0]).toContain('PC#abc.28_120#')
  })

  it('check 27: an answer without a tntId leaves the stored one', async () => {
    const target = edge.client()
    const { targetCookie } = await target.getOffers({ request: HERO, targetCookie: cookieOf('s1', 'abc.1_1') })
    expect(targetCookie.value).toMatch(/\|PC#abc\.1_1#\d+$/)
  })

  it.each(cookies)('check 28: $what', async ({ cookie, sessionId, tntId }) => {
    const times = { future: `${inSeconds(1000)}`, past: `${inSeconds(-10)}` }
    const targetCookie = cookie.replaceAll(/\{(future|past)\}/g, (_, time: 'future' | 'past') => times[time])
    const target = edge.client()
    await target.getOffers({ request: HERO, targetCookie })
    await target.visitor(`a=b; mbox=${targetCookie}; c=d`).getOffers({ request: HERO })
    for (const { query, body } of edge.recorder.arrivals) {
      expect(body.id).toEqual(tntId && { tntId })
      if (sessionId) expect(query.get('sessionId')).toBe(sessionId)
      else expect(query.get('sessionId')).toMatch(GENERATED)
    }
  })

  it('check 29: the cookie ends 1860 and 63244800 seconds from now, in epoch seconds, and lives as long as the longer', async () => {
    edge.recorder.answer(answering({ id: { tntId: 'abc.35_0' } }))
    const { targetCookie } = await edge.client().getOffers({ request: HERO, sessionId: 's1' })
    const { name, value, maxAge } = targetCookie
    expect([name, maxAge]).toEqual(['mbox', 63_244_800])
    const [session, device] = value.split('|').map((entry) => entry.split('#'))
    expect(session?.slice(0, 2)).toEqual(['session', 's1'])
    expect(device?.slice(0, 2)).toEqual(['PC', 'abc.35_0'])
    expect(Math.abs(Number(session?.[2]) - inSeconds(1860))).toBeLessThanOrEqual(1)
    expect(Math.abs(Number(device?.[2]) - inSeconds(63_244_800))).toBeLessThanOrEqual(1)
  })

  it('check 29: values are percent-encoded, so that no character ends one early', async () => {
    edge.recorder.answer(answering({ id: { tntId: 'a;b|c#d%.35_0' } }))
    const visitor = edge.client().visitor('')
    await visitor.getOffers({ request: HERO, sessionId: 'a#b|c;ü' })
    const [cookie = ''] = visitor.setCookies()
    expect(cookie).toMatch(/^mbox=session#a%23b%7Cc%3B%C3%BC#\d+\|PC#a%3Bb%7Cc%23d%25\.35_0#\d+; Max-Age=63244800;/)
    await edge.client().visitor(cookie.split(';')[0]).getOffers({ request: HERO })
    expect(edge.recorder.last.query.get('sessionId')).toBe('a#b|c;ü')
    expect(edge.recorder.last.body.id?.tntId).toBe('a;b|c#d%.35_0')
  })

  it('check 29: the cluster of the edge is kept for 1860 seconds', async () => {
    edge.recorder.answer(answering({ edgeHost: 'mboxedge21.tt.omtrdc.net' }))
    const visitor = edge.client().visitor('')
    await visitor.getOffers({ request: HERO })
    expect(visitor.setCookies()).toContainEqual('mboxEdgeCluster=21; Max-Age=1860; Path=/; SameSite=Lax')
  })
})

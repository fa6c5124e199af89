import { describe, expect, it } from 'vitest'
import { type CookieAttributes, TargetClient, type VisitDetails } from '../../src/server.ts'
import { createWorld, FRESH, LATER, request } from '../server-sdks/world.ts'

const world = createWorld()
const HOME = 'acme.tt.omtrdc.net'

/** What arrives for a visitor with such a `Cookie` header, and what goes back. */
const visited = async (cookie: string, details?: VisitDetails, attributes?: CookieAttributes) => {
  world.server.answer({ body: { status: 200, id: { tntId: 'new.28_0' }, edgeHost: 'mboxedge28.tt.omtrdc.net' } })
  const visitor = world
    .hosted()
    .visitor({ headers: { cookie, host: 'www.shop.example', 'x-forwarded-proto': 'https' } }, details)
  await visitor.getOffers({ request })
  return { ...world.server.last(), cookies: visitor.setCookies(attributes) }
}

describe('a cookie that goes out', () => {
  it('is first-party: for the site alone, Lax, Secure on https, readable by the page', async () => {
    const { cookies } = await visited('')
    expect(cookies).toEqual([
      expect.stringMatching(
        /^mbox=session#[\da-f]{32}#\d+\|PC#new\.28_0#\d+; Max-Age=63244800; Path=\/; Domain=shop\.example; SameSite=Lax; Secure$/,
      ),
      'mboxEdgeCluster=28; Max-Age=1860; Path=/; Domain=shop.example; SameSite=Lax; Secure',
    ])
  })

  it.each<[CookieAttributes, string]>([
    [{ sameSite: 'None' }, 'Path=/; Domain=shop.example; SameSite=None; Secure'],
    [{ sameSite: 'None', secure: false }, 'Path=/; Domain=shop.example; SameSite=None; Secure'],
    [{ sameSite: 'Strict', secure: false }, 'Path=/; Domain=shop.example; SameSite=Strict'],
    [{ domain: 'www.shop.example', path: '/shop' }, 'Path=/shop; Domain=www.shop.example; SameSite=Lax; Secure'],
    [{ domain: '' }, 'Path=/; SameSite=Lax; Secure'],
  ])('has the attributes %j', async (attributes, written) => {
    const { cookies } = await visited('', {}, attributes)
    for (const cookie of cookies) expect(cookie.replace(/^[^;]*; [^;]*; /, '')).toBe(written)
  })

  it.each<[CookieAttributes, string]>([
    [{ domain: 'shop.example; HttpOnly' }, 'domain'],
    [{ domain: 'shop.example\r\nset-cookie: a=b' }, 'domain'],
    [{ path: '/; Domain=evil.example' }, 'path'],
    [{ path: 'shop' }, 'path'],
    [{ sameSite: 'none' as never }, 'sameSite'],
    [{ sameSite: 'Lax; HttpOnly' as never }, 'sameSite'],
  ])('has no attribute that would be another: %j', async (attributes, path) => {
    const visitor = TargetClient.create({
      client: 'acme',
      organizationId: 'ABC@AdobeOrg',
      defaultConsent: 'in',
    }).visitor('')
    await visitor.optOut()
    expect(() => visitor.setCookies(attributes)).toThrow(`setCookies: ${path} must`)
  })

  it('has no domain where there is none to share: an address, localhost, a public suffix', async () => {
    for (const host of ['127.0.0.1:3000', '[::1]:3000', 'localhost', 'github.io']) {
      const visitor = world.hosted().visitor({ headers: { host }, url: '/' })
      await visitor.getOffers({ request })
      expect(visitor.setCookies()[0]).toMatch(/Path=\/; SameSite=Lax$/)
    }
  })

  it('holds nothing that would end it, whatever Target answers', async () => {
    world.server.answer({ body: { id: { tntId: 'a; Domain=evil.example\r\nx: y' } } })
    const visitor = world.hosted().visitor('')
    await visitor.getOffers({ request })
    expect(visitor.setCookies().join()).not.toMatch(/[\r\n]|evil\.example;|; Domain/)
  })
})

describe('a cookie that comes in', () => {
  const mine = `session#S#${LATER}|PC#device.35_0#${LATER}`

  it.each([
    ['before', `mbox=${mine}; big=${'x'.repeat(64 * 1024)}`],
    ['behind', `big=${'x'.repeat(64 * 1024)}; mbox=${mine}`],
    ['among many', `${Array.from({ length: 8000 }, (_, at) => `c${at}=v`).join('; ')}; mbox=${mine}`],
  ])('is found in a header of 64 kB, %s', async (_, cookie) => {
    const { query, body, host } = await visited(cookie)
    expect([query.sessionId, body.id?.tntId, host]).toEqual(['S', 'device.35_0', 'mboxedge35.tt.omtrdc.net'])
  })

  it('of 64 kB itself is no session, and comes back as a small one', async () => {
    const { query, text, cookies } = await visited(
      `mbox=session#${'s'.repeat(65_536)}#${LATER}|PC#${'p'.repeat(65_536)}#${LATER}`,
    )
    expect(query.sessionId).toMatch(FRESH)
    expect([text.length < 2000, cookies.join().length < 500]).toEqual([true, true])
  })

  it('of twenty thousand items is read all the same', async () => {
    const { query } = await visited(`mbox=${'a#b#1|'.repeat(20_000)}${mine}`)
    expect(query.sessionId).toBe('S')
  })

  it.each([
    ['one has the session, the other the device', `mbox=session#S#${LATER}; mbox=PC#device.35_0#${LATER}`],
    ['one has expired', `mbox=session#old#1000000000|PC#old.21_0#1000000000; mbox=${mine}`],
    ['one is broken', `mbox=%E0%A4%A; mbox=${mine}`],
    ['one is empty', `mbox=; mbox=${mine}`],
  ])('twice is read as one: %s', async (_, cookie) => {
    const { query, body } = await visited(cookie)
    expect([query.sessionId, body.id?.tntId]).toEqual(['S', 'device.35_0'])
  })

  it.each([
    ['signed by a framework', `mbox=s%3Asession%23S%23${LATER}.c2lnbmF0dXJl`],
    ['signed and plain', `mbox=s:abc.c2lnbmF0dXJl`],
    ['a token of something else', 'mbox=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'],
    ['of another client, sealed', 'mbox=v1.local.9f86d081884c7d65'],
    ['a malformed escape', `mbox=session#%E0%A4%A#${LATER}`],
    ['nothing but escapes', 'mbox=%%%%'],
    ['quotes', 'mbox="session"'],
    ['a prototype', `mbox=__proto__#x#${LATER}|constructor#y#${LATER}`],
  ])('that is not ours is nobody: %s', async (_, cookie) => {
    const { query, body, cookies } = await visited(cookie)
    expect(query.sessionId).toMatch(FRESH)
    expect(body).not.toHaveProperty('id')
    expect(cookies[0]).toContain('PC#new.28_0#')
  })

  it('beside what at.js 1 wrote is read', async () => {
    const { query } = await visited(`mbox=check#true#${LATER}|${mine}`)
    expect(query.sessionId).toBe('S')
  })

  it.each(['35.evil.com/', '35@evil.com', '35%2Fevil.com', '٣٥', '-1', '35 ', '0x23', '35#'])(
    'that names no cluster leads to no other host: %s',
    async (hint) => {
      const { host, cookies } = await visited(`mboxEdgeCluster=${hint}; mbox=session#S#${LATER}`)
      expect(host).toBe(hint.trim() === '35' ? 'mboxedge35.tt.omtrdc.net' : HOME)
      expect(cookies.join()).not.toContain('evil')
    },
  )

  it.each(['d.35/evil.com_0', 'd.evil_0', 'd.35.evil.com_0', 'd.@evil_0'])(
    'whose device id names no cluster leads to no other host: %s',
    async (id) => {
      const { host } = await visited(`mbox=PC#${encodeURIComponent(id)}#${LATER}`)
      expect(host).toBe(HOME)
    },
  )
})

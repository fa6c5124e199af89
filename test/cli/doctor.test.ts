import type { RequestListener } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examine, examineLocal, isotarget, kept, openEdge } from './doctor-examine.ts'
import { goodPage, page, startDns, startShop, startSite, withHosts } from './doctor-world.ts'

describe('a shop in order', () => {
  let shop: Awaited<ReturnType<typeof startShop>>
  beforeAll(async () => {
    shop = await startShop()
  })
  afterAll(() => shop.close())

  it('has no problem, and every check is said in a sentence', async () => {
    const property = '8a1b2c3d-1111-2222-3333-444455556666'
    const flags = ['--server-domain', 'target.shop.example', '--property', property, '--on-device']
    const { code, err, checks } = await examine('https://shop.example/', flags, shop.env)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(checks.filter(({ verdict }) => verdict !== 'ok')).toEqual([
      { about: 'cookie', verdict: 'skipped', text: 'The server sets no mbox cookie: the page does.' },
    ])
    for (const { text } of checks) expect(text).toMatch(/^\S.*[^.]\.$/)
    expect(checks.find(({ about }) => about === 'CNAME')?.text).toBe('target.shop.example leads to acme.tt.omtrdc.net.')
  })

  it('is shown for people, too', async () => {
    const { code, out } = await isotarget(['doctor', 'https://shop.example/'], { env: shop.env })
    expect(code).toBe(0)
    expect(out).toMatch(/^✓ page +It answers 200\.$/m)
    expect(out).toMatch(/^✓ CORS +acme\.tt\.omtrdc\.net lets pages of https:\/\/shop\.example read its answers,/m)
    expect(out).toMatch(/\n0 problems, 0 notes\n$/)
  })
})

it('a page and an edge on this machine', async () => {
  const { code, checks } = await examineLocal(() => page(goodPage()))
  expect(code).toBe(0)
  expect(checks.map(({ about, verdict }) => `${verdict} ${about}`)).toEqual([
    'ok page',
    'skipped https',
    'ok library',
    'ok account',
    'ok flicker',
    'skipped CSP',
    'skipped cookie domain',
    'skipped cookie',
    'ok edge',
    'ok CORS',
    'ok clock',
    'skipped CNAME',
    'skipped rules',
    'skipped property',
  ])
})

describe('what the policy bars', () => {
  const policy = (text: string) => ({ 'content-security-policy': text })

  it.each<[what: string, policy: string, about: string, text: RegExp]>([
    ['the edge', "connect-src 'self'", 'CSP: edge', /lets no page call http:\/\/127.*: connect-src 'self'\.$/],
    ['the edge, by default', "default-src 'none'", 'CSP: edge', /default-src 'none'/],
    ['the script', "script-src 'nonce-other'", 'CSP: script', /bars the script of isotarget: script-src 'nonce-other'/],
    ['the snippet', "style-src 'self'", 'CSP: hiding', /bars the snippet that hides: style-src 'self'/],
    ['our policy', "require-trusted-types-for 'script'; trusted-types other", 'CSP: types', /trusted-types other/],
    ['the edge, in the second of two', "connect-src *, connect-src 'self'", 'CSP: edge', /connect-src 'self'/],
  ])('%s', async (...[, text, about, message]) => {
    const { code, of } = await examineLocal(() => page(goodPage(), policy(text)))
    expect(code).toBe(1)
    expect(of(about)).toMatchObject({
      verdict: 'problem',
      text: expect.stringMatching(message),
      advice: expect.any(String),
    })
  })

  it('in a meta element, of which one in a comment or a script is none', async () => {
    const meta = (text: string) => `<meta http-equiv="Content-Security-Policy" content="${text}">`
    const html = goodPage().replace(
      '<title>',
      `<!-- ${meta("script-src 'none'")} --><script>'${meta("style-src 'none'")}'</script>${meta("connect-src 'none'")}<title>`,
    )
    const { problems } = await examineLocal(() => page(html))
    expect(problems.map(({ about }) => about)).toEqual(['CSP: edge'])
  })

  it('clusters of Target, where only the host of the client is let', async () => {
    const edge = await openEdge()
    const site = await kept(startSite(page(goodPage(), policy('connect-src https://acme.tt.omtrdc.net'))))
    const dns = await kept(startDns({}))
    const env = withHosts({ 'shop.example': site.url, 'acme.tt.omtrdc.net': edge.url }, dns.server)
    const { problems } = await examine('https://shop.example/', [], env)
    expect(problems).toMatchObject([{ about: 'CSP: clusters', advice: 'Add https://*.tt.omtrdc.net to connect-src.' }])
  })

  it('at.js, by asking for Trusted Types', async () => {
    const { of } = await examineLocal(() =>
      page('<script src="/at-2.11.9.js"></script>', policy("require-trusted-types-for 'script'")),
    )
    expect(of('CSP: types')).toMatchObject({ verdict: 'problem', text: expect.stringContaining('at.js does not know') })
  })

  it('nothing, when it only reports', async () => {
    const headers = { 'content-security-policy-report-only': "default-src 'none'" }
    const { code, of } = await examineLocal(() => page(goodPage(), headers))
    expect([code, of('CSP')?.verdict]).toEqual([0, 'note'])
  })
})

describe('what is wrong in the page', () => {
  const script = (attributes: string) =>
    `<html><head><script src="/isotarget.global.js" ${attributes}></script></head></html>`
  const account = 'data-client="acme" data-organization-id="ABC@AdobeOrg"'

  it.each<[what: string, html: string, about: string, verdict: string, text: RegExp]>([
    [
      'two libraries',
      `${script(account)}<script src="/at.js"></script>`,
      'library',
      'problem',
      /isotarget and at\.js are on it/,
    ],
    ['one library twice', script(account).repeat(2), 'library', 'problem', /isotarget is on it 2 times/],
    ['none', '<p>Hello', 'library', 'note', /No script of isotarget/],
    [
      'a tag manager',
      '<script src="https://assets.adobedtm.com/x/launch-1.min.js"></script>',
      'library',
      'note',
      /tag manager/,
    ],
    ['no client', script('data-organization-id="ABC@AdobeOrg"'), 'account', 'problem', /no data-client/],
    ['another client', script(account.replace('acme', 'other')), 'account', 'problem', /the client other, not acme/],
    ['no organization', script('data-client="acme"'), 'account', 'problem', /no data-organization-id/],
    ['an organization that is none', script(account.replace('@AdobeOrg', '')), 'account', 'problem', /ABC is no id/],
    ['nothing that hides', script(`async ${account}`), 'flicker', 'note', /async, and nothing hides/],
    [
      'a snippet that comes late',
      `${script(account)}<style id="isotarget-prehide"></style>`,
      'flicker',
      'problem',
      /after the library/,
    ],
    [
      'a property that is none',
      script(`${account} data-property-token="mine"`),
      'property',
      'note',
      /does not look like a token/,
    ],
  ])('%s', async (...[, html, about, verdict, text]) => {
    const { of } = await examineLocal(() => page(html))
    expect(of(about)).toMatchObject({ verdict, text: expect.stringMatching(text) })
  })
})

describe('cookies', () => {
  const cookieOn = async (host: string, cookie: string) => {
    const edge = await openEdge()
    const site = await kept(startSite(page(goodPage(), { 'set-cookie': ['other=1', cookie] })))
    const dns = await kept(startDns({}))
    const env = withHosts({ [host]: site.url, 'acme.tt.omtrdc.net': edge.url }, dns.server)
    return (await examine(`https://${host}/`, [], env)).of('cookie')
  }
  it.each<[cookie: string, verdict: string, text: RegExp]>([
    ['mbox=x; Domain=.shop.co.uk; Secure; SameSite=Lax', 'ok', /as browsers like it/],
    ['mbox=x; Domain=.co.uk; Secure; SameSite=Lax', 'problem', /\.co\.uk, a public suffix/],
    ['mbox=x; Domain=other.example; Secure', 'problem', /not the domain of the page/],
    ['mbox=x; SameSite=None', 'problem', /without Secure: browsers refuse/],
    ['mbox=x; Secure; HttpOnly; SameSite=Lax', 'problem', /HttpOnly/],
    ['mbox=x; SameSite=Lax', 'note', /without Secure/],
    ['mbox=x; Secure', 'note', /without SameSite/],
  ])('%s', async (cookie, verdict, text) => {
    expect(await cookieOn('www.shop.co.uk', cookie)).toMatchObject({ verdict, text: expect.stringMatching(text) })
  })

  it('of at.js on the host of a provider, where every page view is a new visitor', async () => {
    const site = await kept(startSite(page('<script src="/at.js"></script>')))
    const dns = await kept(startDns({}))
    const { of } = await examine('https://shop.vercel.app/', [], withHosts({ 'shop.vercel.app': site.url }, dns.server))
    expect(of('cookie domain')).toMatchObject({
      verdict: 'problem',
      text: expect.stringContaining('vercel.app, a public suffix'),
    })
  })
})

describe('the edge', () => {
  const withEdge = async (listener: RequestListener) => {
    const edge = await kept(startSite(listener))
    const site = await kept(startSite(page(goodPage())))
    return examine(site.url, ['--server-domain', new URL(edge.url).host, '--insecure', '--timeout', '5'])
  }
  const answer =
    (headers: Record<string, string>): RequestListener =>
    (request, response) => {
      const origin = request.headers.origin ?? ''
      const filled = Object.entries(headers).map(([name, value]) => [name, value.replace('ORIGIN', origin)])
      response.writeHead(200, Object.fromEntries(filled)).end('{}')
    }
  it.each<[what: string, headers: Record<string, string>, about: string, verdict: string, text: RegExp]>([
    ['without CORS', {}, 'CORS', 'problem', /lets no page of http/],
    ['for everybody', { 'access-control-allow-origin': '*' }, 'CORS', 'problem', /none with cookies/],
    [
      'for others',
      { 'access-control-allow-origin': 'https://x.example' },
      'CORS',
      'problem',
      /allows https:\/\/x\.example/,
    ],
    ['without cookies', { 'access-control-allow-origin': 'ORIGIN' }, 'CORS', 'problem', /without cookies/],
    [
      'of another time',
      { date: new Date(Date.now() - 3_600_000).toUTCString() },
      'clock',
      'problem',
      /\d{2,} minutes ahead/,
    ],
  ])('%s', async (...[, headers, about, verdict, text]) => {
    expect((await withEdge(answer(headers))).of(about)).toMatchObject({ verdict, text: expect.stringMatching(text) })
  })

  it('that refuses the account says why', async () => {
    const { url } = await openEdge({ organizationId: 'OTHER@AdobeOrg' })
    const site = await kept(startSite(page(goodPage())))
    const { code, of } = await examine(site.url, ['--server-domain', new URL(url).host, '--insecure'])
    expect([code, of('edge')?.text]).toEqual([
      1,
      expect.stringContaining('answers 400: Invalid request: Invalid imsOrg'),
    ])
  })

  it('that is something else', async () => {
    const { of } = await withEdge(page('<p>Welcome'))
    expect(of('edge')).toMatchObject({ verdict: 'problem', text: expect.stringContaining('not as Target does') })
  })

  it('that is not there', async () => {
    const site = await kept(startSite(page(goodPage())))
    const gone = await startSite(page(''))
    await gone.close()
    const { host } = new URL(gone.url)
    const { of } = await examine(site.url, ['--server-domain', host, '--insecure'])
    expect(of('edge')?.text).toBe(`${host} cannot be reached: nobody listens there.`)
  })

  it('behind a name of one’s own', async () => {
    const edge = await openEdge()
    const site = await kept(startSite(page(goodPage())))
    const dns = await kept(startDns({ 'target.shop.example': 'cdn.other.example' }))
    const hosts = { 'shop.example': site.url, 'target.shop.example': edge.url, 'target.other.example': edge.url }
    const env = withHosts(hosts, dns.server)
    const own = await examine('https://shop.example/', ['--server-domain', 'target.shop.example'], env)
    expect(own.of('CNAME')).toMatchObject({
      verdict: 'note',
      text: expect.stringContaining('leads to cdn.other.example'),
    })
    const other = await examine('https://shop.example/', ['--server-domain', 'target.other.example'], env)
    expect(other.of('CNAME')).toMatchObject({
      verdict: 'problem',
      text: 'target.other.example is not found in the DNS.',
    })
    expect(other.of('first party')?.text).toMatch(/is of other\.example, and the page of shop\.example/)
  })

  it('with rules for devices, and without', async () => {
    const edge = await openEdge()
    const site = await kept(startSite(page(goodPage('data-decisioning-method="on-device"'))))
    const flags = ['--server-domain', new URL(edge.url).host, '--insecure', '--rules']
    expect(
      (await examine(site.url, [...flags, `${edge.url}/acme/production/v1/rules.json`])).of('rules')?.verdict,
    ).toBe('ok')
    expect((await examine(site.url, [...flags, `${edge.url}/nothing`])).of('rules')?.text).toMatch(/answers 404/)
    expect((await examine(site.url, [...flags, site.url])).of('rules')?.text).toMatch(/holds no rules/)
  })
})

import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ClientOptions, isTargetError, mboxes, TargetClient } from '../../src/server.ts'

// A page is rendered though nobody answers: with what stands there by default.

/** Takes every request and never answers; knows which were given up. */
const openSilence = async () => {
  const requests: { request: IncomingMessage; isGone: boolean }[] = []
  const server = createServer((request, response) => {
    const entry = { request, isGone: false }
    requests.push(entry)
    response.on('close', () => {
      entry.isGone = true
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { requests, server, domain: `127.0.0.1:${(server.address() as AddressInfo).port}` }
}

let silence: Awaited<ReturnType<typeof openSilence>>
beforeAll(async () => {
  silence = await openSilence()
})
beforeEach(() => {
  silence.requests.length = 0
})
afterAll(() => {
  silence.server.closeAllConnections()
  silence.server.close()
})

/** A shop that shows its default content when there is no offer. */
const shopWith = (options: Partial<ClientOptions>) => {
  const target = TargetClient.create({
    client: 'acme',
    organizationId: 'ABC@AdobeOrg',
    serverDomain: silence.domain,
    secure: false,
    timeout: 200,
    ...options,
  })
  const codes: string[] = []
  const shop = createServer(async (request, response) => {
    const visitor = target.visitor(request)
    let hero: unknown
    try {
      const result = await visitor.getOffers({ request: { prefetch: { mboxes: mboxes('hero') } } })
      hero = result.response.prefetch?.mboxes?.[0]?.options?.[0]?.content
    } catch (error) {
      if (!isTargetError(error)) throw error
      codes.push(error.code)
    }
    response.setHeader('set-cookie', visitor.setCookies())
    response.end(`<main>${hero ?? 'Our summer collection'}</main><script>state = ${visitor.dehydrate()}</script>`)
  })
  return { target, shop, codes }
}

const rendered = async (shop: Server) => {
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
  const answer = await fetch(`http://127.0.0.1:${(shop.address() as AddressInfo).port}/`)
  const html = await answer.text()
  shop.closeAllConnections()
  shop.close()
  return { html, cookies: answer.headers.getSetCookie() }
}

const DEFAULT = '<main>Our summer collection</main><script>state = null</script>'

describe('a host that never answers', () => {
  it('costs the page its offers, and no more than the timeout; the call is given up', async () => {
    const { target, shop, codes } = shopWith({})
    const { html, cookies } = await rendered(shop)
    expect([html, codes]).toEqual([DEFAULT, ['TIMEOUT']])
    expect(cookies, 'the session of the visitor is kept').toEqual([expect.stringMatching(/^mbox=session#/)])
    await expect.poll(() => silence.requests.map(({ isGone }) => isGone)).toEqual([true])
    await target.close({ timeout: 1 })
  })

  it('costs the same when there is something to be tried again', async () => {
    const { shop, codes } = shopWith({ retries: 5 })
    expect([(await rendered(shop)).html, codes]).toEqual([DEFAULT, ['TIMEOUT']])
    expect(silence.requests).toHaveLength(1)
  })
})

describe('rules that never come', () => {
  it.each([
    ['within the timeout of the call', {}],
    ['within maximumWaitReady', { maximumWaitReady: 100, timeout: 60_000 }],
  ])('cost a page that decides on the device its offers: %s', async (_, options) => {
    const artifactLocation = `http://${silence.domain}/rules.json`
    const { target, shop, codes } = shopWith({ decisioningMethod: 'on-device', artifactLocation, ...options })
    const { html } = await rendered(shop)
    expect(html).toBe(DEFAULT)
    expect(['TIMEOUT', 'NOT_READY']).toContain(codes[0])
    expect(silence.requests[0]?.request.url).toBe('/rules.json')
    await target.close({ timeout: 1 })
  })

  it('cost a flag nothing: it is the default at once', async () => {
    const artifactLocation = `http://${silence.domain}/rules.json`
    const { target } = shopWith({ decisioningMethod: 'on-device', artifactLocation })
    const visitor = target.visitor('')
    expect(visitor.variation('flags', 'columns', 2)).toBe(2)
    await target.close({ timeout: 1 })
  })

  it('cost a hybrid page nothing while the edge answers', async () => {
    const fetchApi: typeof fetch = async (url, init) =>
      `${url}`.endsWith('rules.json')
        ? fetch(url, init)
        : Response.json({
            status: 200,
            prefetch: { mboxes: [{ index: 0, name: 'hero', options: [{ content: 'Sun' }] }] },
          })
    const artifactLocation = `http://${silence.domain}/rules.json`
    const { target, shop } = shopWith({ decisioningMethod: 'hybrid', artifactLocation, fetchApi })
    expect((await rendered(shop)).html).toContain('<main>Sun</main>')
    await target.close({ timeout: 1 })
  })
})

import { describe, expect, it } from 'vitest'
import { openPage } from './page.ts'
import { HERO, inSeconds, useEdge } from './setup.ts'

const edge = useEdge()

/** Headers that a browser sends without asking the server first (Fetch standard, CORS-safelisted), and its own. */
const SAFE =
  /^(accept|accept-language|content-language|content-type)$|^(accept-encoding|connection|content-length|host|origin|referer|user-agent|sec-.*|keep-alive|priority)$/

const arrived = (count: number) => expect.poll(() => edge.recorder.arrivals.length).toBe(count)

describe('a page asks', () => {
  it('check 13: nothing in a call from a page needs a preflight, and its body is JSON', async () => {
    openPage()
    await edge.browser().getOffers({ request: HERO })
    const { headers, body } = edge.recorder.only
    expect(headers['content-type']).toMatch(/^text\/plain\b/)
    expect(Object.keys(headers).filter((name) => !SAFE.test(name))).toEqual([])
    expect(body.execute?.mboxes).toEqual([{ index: 0, name: 'hero' }])
  })

  it('check 13: cookies and credentials stay at home', async () => {
    openPage()
    const inits: (RequestInit | undefined)[] = []
    const fetchApi: typeof fetch = (input, init) => {
      inits.push(init)
      return fetch(input, init)
    }
    await edge.browser({ fetchApi }).getOffers({ request: HERO })
    expect(inits).toMatchObject([{ method: 'POST', credentials: 'omit', headers: {} }])
  })

  it('check 13: what is queued needs no preflight either', async () => {
    openPage()
    const target = edge.browser()
    target.track('buy')
    await target.flush()
    const { headers } = edge.recorder.only
    expect(headers['content-type']).toMatch(/^text\/plain\b/)
    expect(Object.keys(headers).filter((name) => !SAFE.test(name))).toEqual([])
  })
})

describe('a page goes away', () => {
  it('check 14: the beacon says so in its body, and asks at the same address as a fetch', async () => {
    const page = openPage()
    const target = edge.browser({ version: '2.11.9' })
    target.track('first')
    await target.flush()
    target.track('second')
    page.leave()
    await arrived(2)
    const [fetched, beaconed] = edge.recorder.arrivals
    expect(page.beacons).toHaveLength(1)
    expect(beaconed?.body.context.beacon).toBe(true)
    expect(fetched?.body.context.beacon).not.toBe(true)
    expect(beaconed?.url).toBe(fetched?.url)
    expect(beaconed?.query.get('version')).toBe('2.11.9')
    expect(beaconed?.headers['content-type']).toMatch(/^text\/plain\b/)
    expect(beaconed?.body.notifications?.[0]?.mbox?.name).toBe('second')
  })

  it('check 14: without a configured version there is none on either path', async () => {
    const page = openPage()
    const target = edge.browser()
    target.track('buy')
    page.leave()
    await arrived(1)
    expect(edge.recorder.only.query.has('version')).toBe(false)
  })

  it('check 15: a beacon that is not taken goes by a fetch that outlives the page', async () => {
    const page = openPage({ takesBeacons: false })
    const inits: (RequestInit | undefined)[] = []
    const fetchApi: typeof fetch = (input, init) => {
      inits.push(init)
      return fetch(input, init)
    }
    const target = edge.browser({ fetchApi })
    const notification = target.track('buy')
    page.leave()
    await arrived(1)
    expect(inits).toMatchObject([{ keepalive: true }])
    expect(edge.recorder.only.body).toMatchObject({ notifications: [{ id: notification?.id }] })
  })

  it('check 15: when that fails too, the notification is kept or its loss is told with an error', async () => {
    const page = openPage({ takesBeacons: false })
    let isDown = true
    const fetchApi: typeof fetch = (input, init) =>
      isDown ? Promise.reject(new TypeError('Failed to fetch')) : fetch(input, init)
    const target = edge.browser({ fetchApi })
    target.track('buy')
    page.hide()
    await new Promise((resolve) => setTimeout(resolve, 50))
    isDown = false
    const { sent } = await target.flush()
    expect(target.told.rejected.length + sent).toBe(1)
    for (const { error } of target.told.rejected) expect(error).toBeInstanceOf(Error)
  })
})

describe('a page keeps its visitor', () => {
  it('check 24: a session is made once, kept for 1860 seconds and prolonged by every call', async () => {
    const page = openPage({ url: 'http://www.shop.example/' })
    const target = edge.browser()
    await target.getOffers({ request: HERO })
    const sessionId = edge.recorder.last.query.get('sessionId')
    const kept = page.cookies.get('mbox')
    expect(kept?.value).toMatch(new RegExp(`^session#${sessionId}#(${inSeconds(1859)}|${inSeconds(1860)})$`))
    expect(kept?.attributes).toMatchObject({ 'max-age': '1860', path: '/' })

    page.cookies.set('mbox', { value: `session#${sessionId}#${inSeconds(60)}`, attributes: {} })
    await edge.browser().getOffers({ request: HERO })
    expect(edge.recorder.last.query.get('sessionId')).toBe(sessionId)
    expect(page.cookies.get('mbox')?.value).toMatch(new RegExp(`#(${inSeconds(1859)}|${inSeconds(1860)})$`))
  })

  it.each([
    ['https://www.shop.co.uk/', 'shop.co.uk'],
    ['https://shop.co.uk/', 'shop.co.uk'],
    ['https://a.b.shop.example/', 'shop.example'],
    ['http://localhost/', undefined],
  ])('check 24: on %s the cookie is kept for the domain %s', async (url, domain) => {
    const page = openPage({ url, publicSuffixes: ['co.uk', 'uk', 'example'] })
    await edge.browser().getOffers({ request: HERO })
    expect(page.cookies.get('mbox')?.attributes.domain).toBe(domain)
    expect([...page.cookies.keys()]).toEqual(['mbox'])
  })

  it('check 24: a page that may keep no cookies still has one session', async () => {
    const page = openPage()
    page.cookies.set = () => page.cookies
    const target = edge.browser()
    await target.getOffers({ request: HERO })
    await target.getOffers({ request: HERO })
    const [first, second] = edge.recorder.arrivals.map(({ query }) => query.get('sessionId'))
    expect(second).toBe(first)
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { type ClientOptions, TargetClient } from '../../src/browser.ts'
import { mboxes, TargetClient as ServerClient } from '../../src/server.ts'
import { openPage } from '../delivery-api/page.ts'
import { ACCOUNT, openRoute } from './world.ts'

// The option that points a client to a route, and what becomes of the cookies of its page.

afterEach(() => vi.unstubAllGlobals())

const request = { prefetch: { mboxes: mboxes('hero') } }

const mboxOf = ({ cookies }: ReturnType<typeof openPage>) => cookies.get('mbox')?.value
const write = (text: string): void => {
  document.cookie = text
}
/** By then the page has looked whether a server has written the cookie: its timer was set before this one, and is shorter. */
const looked = () => sleep(1_200)

/** A page of the origin of a route, and what it sends. */
const openClient = async (options: Partial<ClientOptions> = {}) => {
  const route = await openRoute()
  const page = openPage({ url: `http://localhost:${route.port}/` })
  const sent: [string, RequestInit][] = []
  const fetchApi = (input: unknown, init: RequestInit = {}) => {
    sent.push([`${input}`, init])
    const headers = { ...init.headers, origin: `http://localhost:${route.port}` }
    return fetch(new URL(`${input}`, `http://localhost:${route.port}`), { ...init, headers })
  }
  const target = TargetClient.create({
    ...ACCOUNT,
    endpoint: '/offers',
    fetchApi: fetchApi as typeof fetch,
    ...options,
  })
  return { ...route, page, sent, target }
}

test('every call goes to the path, with the cookies of the page', async () => {
  const { target, sent, edge } = await openClient({ serverDomain: 'elsewhere.example', overrideMboxEdgeServer: true })
  const { response } = await target.getOffers({ request })
  const [hero] = response.prefetch?.mboxes ?? []
  target.display(hero as object)
  await target.flush()
  expect(sent.map(([url, { credentials }]) => [url.split('?')[0], credentials])).toEqual([
    ['/offers', 'include'],
    ['/offers', 'include'],
  ])
  expect(edge.ledger.total('impression')).toBe(1)
})

test('a beacon goes there too', async () => {
  const { target, page } = await openClient({ notificationDelay: 60_000 })
  target.track('orderConfirmPage')
  page.leave()
  expect(page.beacons.map((url) => url.split('?')[0])).toEqual(['/offers'])
})

test('without the option credentials are omitted, as ever', async () => {
  const { target, sent } = await openClient({ endpoint: '' })
  await target.getOffers({ request, timeout: 50 }).catch(() => {})
  expect([sent[0]?.[0].split('?')[0], sent[0]?.[1].credentials]).toEqual([
    'https://acme.tt.omtrdc.net/rest/v1/delivery',
    'omit',
  ])
})

test('the session is kept at once, and what a server does not write, the page does', async () => {
  const { target, page } = await openClient()
  const asking = target.getOffers({ request })
  expect(mboxOf(page)).toMatch(/^session#[\da-f]{32}#\d+$/)
  const { targetCookie } = await asking
  expect(mboxOf(page)).not.toContain('PC#')
  expect((await target.getOffers({ request })).request.id).toEqual({ tntId: expect.any(String) })
  await expect.poll(() => mboxOf(page), { timeout: 5_000 }).toBe(targetCookie.value)
})

test('what a server has written meanwhile stays, unless its clock is far away', async () => {
  const { target, page } = await openClient()
  const { targetCookie } = await target.getOffers({ request })
  const later = (seconds: number) => targetCookie.value.replaceAll(/\d{10}/g, (at) => `${Number(at) + seconds}`)
  write(`mbox=${later(20)}; max-age=63244800`)
  await looked()
  expect(mboxOf(page)).toBe(later(20))
  await target.getOffers({ request })
  write(`mbox=${later(3_600)}; max-age=63244800`)
  await expect.poll(() => mboxOf(page), { timeout: 5_000 }).not.toBe(later(3_600))
})

test('who opts out a moment after an answer has no cookies', async () => {
  const { target, page } = await openClient()
  await target.getOffers({ request })
  await target.optOut()
  await looked()
  expect([...page.cookies.keys()]).toEqual([])
})

test('a server needs a whole address', async () => {
  expect(() => ServerClient.create({ ...ACCOUNT, endpoint: '/offers' })).toThrow('use a whole address')
  const { port, edge } = await openRoute({ origins: ['*'] })
  const target = ServerClient.create({ ...ACCOUNT, endpoint: `http://localhost:${port}/offers` })
  await target.getOffers({ request })
  expect(edge.requests).toHaveLength(1)
})

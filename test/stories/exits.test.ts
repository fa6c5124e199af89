import { afterEach, describe, expect, test, vi } from 'vitest'
import { TargetClient as PageClient } from '../../src/browser.ts'
import { TargetClient } from '../../src/server.ts'
import { openPage } from '../delivery-api/page.ts'

// What a page has not sent when it hides, and what a fault may not cost.

const account = { client: 'acme', organizationId: 'ABC@AdobeOrg' }
afterEach(() => vi.unstubAllGlobals())

type Sent = { notifications?: { id: string }[] }
const idsOf = (body: unknown): string[] => (JSON.parse(`${body}`) as Sent).notifications?.map(({ id }) => id) ?? []

/** A page whose beacons are kept, so that their bodies can be read. */
const openKeeping = () => {
  const page = openPage({ url: 'https://shop.example/' })
  const beacons: string[][] = []
  navigator.sendBeacon = (_, body) => beacons.push(idsOf(body)) > 0
  return { page, beacons }
}

const never = () => new Promise<never>(() => {})

describe('a page that hides', () => {
  test('hands over what stands behind a call that is under way, and not the call itself', () => {
    const { page, beacons } = openKeeping()
    const sent: string[][] = []
    const fetchApi: typeof fetch = (_, init) => {
      sent.push(idsOf(init?.body))
      return never()
    }
    const target = PageClient.create({ ...account, fetchApi })
    const tracked = Array.from({ length: 120 }, () => target.track('buy')?.id)
    return vi
      .waitFor(() => expect(sent).toHaveLength(1))
      .then(() => {
        page.leave()
        expect([...sent, ...beacons].map((ids) => ids.length)).toEqual([50, 50, 20])
        expect([...sent, ...beacons].flat()).toEqual(tracked)
      })
  })

  test('hands over what is between two attempts, once', async () => {
    const { page, beacons } = openKeeping()
    let calls = 0
    const fetchApi: typeof fetch = async () => {
      calls++
      return new Response('', { status: 503, headers: { 'retry-after': '1' } })
    }
    const target = PageClient.create({ ...account, fetchApi, notificationDelay: 1 })
    const order = target.track('buy', { order: { id: 'o-1' } })
    await vi.waitFor(() => expect(calls).toBe(1))
    await new Promise((resolve) => setTimeout(resolve, 20))
    page.leave()
    expect(beacons).toEqual([[order?.id]])
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(calls).toBe(1)
  })

  test('keeps what waits while it is offline, and after close() what could not be sent', async () => {
    const { page, beacons } = openKeeping()
    Object.assign(navigator, { onLine: false })
    const fetchApi: typeof fetch = async () => {
      throw new TypeError('offline')
    }
    const target = PageClient.create({ ...account, fetchApi, retries: 0 })
    const order = target.track('buy')
    page.hide()
    expect(beacons).toEqual([])
    expect(await target.close()).toEqual({ sent: 0, rejected: 0, pending: 1 })
    Object.assign(navigator, { onLine: true })
    page.leave()
    expect(beacons).toEqual([[order?.id]])
  })
})

describe('a fault', () => {
  test('is waited out, however many notifications arrive meanwhile', async () => {
    let isDown = true
    const acknowledge = (body: unknown) =>
      Response.json({ status: 200, notifications: idsOf(body).map((id) => ({ id })) })
    const fetchApi: typeof fetch = async (_, init) => (isDown ? new Response('<html>') : acknowledge(init?.body))
    const target = TargetClient.create({ ...account, fetchApi, notificationDelay: 20 })
    const rejected = vi.fn()
    target.on('notificationRejected', rejected)
    const visitor = target.visitor('')
    for (let count = 0; count < 100; count++) {
      visitor.track('view')
      if (count >= 50) await new Promise((resolve) => setTimeout(resolve, 2))
    }
    isDown = false
    await vi.waitFor(async () => expect((await target.flush()).pending).toBe(0))
    expect(rejected).not.toHaveBeenCalled()
  })

  test('of one visitor keeps nobody else waiting', async () => {
    const fetchApi: typeof fetch = async (url, init) => {
      if (`${url}`.includes('sessionId=slow')) return never()
      return Response.json({ status: 200, notifications: idsOf(init?.body).map((id) => ({ id })) })
    }
    const target = TargetClient.create({ ...account, fetchApi, notificationDelay: 1 })
    const sent = new Promise((resolve) => target.on('notificationSent', resolve))
    target.track('buy', {}, { sessionId: 'slow' })
    await new Promise((resolve) => setTimeout(resolve, 20))
    target.track('buy', {}, { sessionId: 'fast' })
    expect(await sent).toMatchObject({ type: 'notificationSent' })
  })
})

describe('what a caller may get wrong', () => {
  test('is never thrown into the page', () => {
    const visitor = TargetClient.create(account).visitor('')
    const nothing = undefined as never
    expect([visitor.display(nothing), visitor.click(nothing), visitor.display({}, null as never)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  test('a path that begins with two slashes names no host', async () => {
    const seen: { context?: { browser?: unknown } }[] = []
    const fetchApi: typeof fetch = async (_, init) => {
      seen.push(JSON.parse(`${init?.body}`))
      return Response.json({ status: 200, id: { tntId: 'd.1_0' } })
    }
    const target = TargetClient.create({ ...account, fetchApi })
    const visitor = target.visitor({ headers: { host: 'www.shop.example' }, url: '//evil.example/x' })
    await visitor.getOffers({ request: { execute: { pageLoad: {} } } })
    expect(seen[0]?.context?.browser).toEqual({ host: 'www.shop.example' })
    expect(visitor.setCookies()[0]).toContain('; Domain=shop.example')
  })

  test('many notifications beside an execute are decided and counted once', async () => {
    const bodies: { execute?: unknown }[] = []
    const fetchApi: typeof fetch = async (_, init) => {
      bodies.push(JSON.parse(`${init?.body}`))
      const execute = { mboxes: [{ index: 0, name: 'a' }] }
      return Response.json({ status: 200, execute, notifications: idsOf(init?.body).map((id) => ({ id })) })
    }
    const target = TargetClient.create({ ...account, fetchApi })
    const timestamp = Date.now()
    const notifications = Array.from({ length: 101 }, (_, id) => ({ id: `${id}`, type: 'display' as const, timestamp }))
    const { response } = await target.sendNotifications({
      request: { execute: { mboxes: [{ name: 'a' }] }, notifications },
    })
    expect(bodies.map(({ execute }) => Boolean(execute))).toEqual([true, false, false])
    expect(response.notifications).toHaveLength(101)
    expect(response.execute?.mboxes).toHaveLength(1)
  })

  test('a cookie of the host beside one of the domain is no second visitor', async () => {
    const sessions: (string | null)[] = []
    const fetchApi: typeof fetch = async (url) => {
      sessions.push(new URL(`${url}`).searchParams.get('sessionId'))
      return Response.json({ status: 200 })
    }
    const target = TargetClient.create({ ...account, fetchApi })
    const cookie =
      'mbox=session#old#1000000000|PC#dev.21_0#9999999999; mbox=session#live#9999999999|PC#dev.28_0#9999999999'
    const { request } = await target.visitor(cookie).getOffers({ request: { execute: { pageLoad: {} } } })
    expect(sessions).toEqual(['live'])
    expect(request.id?.tntId).toBe('dev.28_0')
  })

  test('an answer without an id leaves what another call learned meanwhile', async () => {
    let release = (_: Response) => {}
    const slow = new Promise<Response>((resolve) => {
      release = resolve
    })
    let calls = 0
    const fetchApi: typeof fetch = async () =>
      calls++ ? Response.json({ status: 200, id: { tntId: 'dev.28_0' } }) : slow
    const visitor = TargetClient.create({ ...account, fetchApi }).visitor('')
    const request = { execute: { pageLoad: {} } }
    const first = visitor.getOffers({ request })
    await visitor.getOffers({ request })
    release(Response.json({ status: 200 }))
    await first
    expect(visitor.setCookies()[0]).toContain('PC#dev.28_0')
  })
})

import { afterEach, describe, expect, test, vi } from 'vitest'
import { TargetClient } from '../../src/browser.ts'
import { type ClientOptions, mboxes } from '../../src/server.ts'
import { openPage } from '../delivery-api/page.ts'
import { ORGANIZATION, openShop } from './world.ts'

// Decisions in the visitor's own browser.

afterEach(() => vi.unstubAllGlobals())

/** What a page keeps between visits. */
const createStorage = () => {
  const texts = new Map<string, string>()
  const storage = {
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, text: string) => void texts.set(key, text),
    removeItem: (key: string) => void texts.delete(key),
  }
  return { texts, storage }
}

const open = async (options: Partial<ClientOptions> = {}, texts = createStorage()) => {
  const world = await openShop()
  const page = openPage({ url: 'https://shop.example/' })
  vi.stubGlobal('localStorage', texts.storage)
  const create = () =>
    TargetClient.create({
      client: 'acme',
      organizationId: ORGANIZATION,
      serverDomain: new URL(world.url).host,
      secure: false,
      artifactLocation: world.artifactLocation,
      decisioningMethod: 'on-device',
      notificationDelay: 60_000,
      ...options,
    })
  return { ...world, page, create, texts: texts.texts }
}

const prefetch = { request: { prefetch: { mboxes: mboxes('hero', 'flags') } } }
const execute = { request: { execute: { mboxes: mboxes('hero') } } }
const copies = (texts: Map<string, string>) => [...texts.keys()].filter((key) => key.startsWith('isotarget-artifact:'))

describe('a visitor', () => {
  test('who is new is given an id, which the cookie keeps, and sees the same on the next page', async () => {
    const { create, page, posts } = await open()
    const first = create()
    const { response, targetCookie } = await first.getOffers(prefetch)
    const made = response.id?.tntId
    expect(made).toMatch(/^[\da-f]{32}$/)
    expect(targetCookie.value).toContain(`PC#${made}#`)
    expect(page.cookies.get('mbox')?.value).toBe(targetCookie.value)
    await first.close()
    const second = create()
    const again = await second.getOffers(prefetch)
    expect(again.response.id?.tntId).toBe(made)
    expect(again.response.prefetch).toEqual(response.prefetch)
    expect(again.targetCookie.value.split('#')[1]).toBe(targetCookie.value.split('#')[1])
    expect(posts()).toEqual([])
    await second.close()
  })

  test('keeps to the edge that the cookie names', async () => {
    const { create, page } = await open()
    page.cookies.set('mboxEdgeCluster', { value: '28', attributes: {} })
    const target = create()
    const { response } = await target.getOffers(prefetch)
    expect(response.id?.tntId).toMatch(/^[\da-f]{32}\.28_0$/)
    await target.close()
  })

  test('is the same for the device and for the edge', async () => {
    const { create, edge, posts } = await open({ decisioningMethod: 'hybrid' })
    const target = create()
    await target.ready()
    const near = await target.getOffers(execute)
    const far = await target.getOffers({ request: { execute: { mboxes: mboxes('hero', 'member') } } })
    expect([near.meta.decisioningMethod, far.meta.decisioningMethod]).toEqual(['on-device', 'server-side'])
    expect(far.response.execute?.mboxes?.[0]?.options?.[0]?.content).toBe(
      near.response.execute?.mboxes?.[0]?.options?.[0]?.content,
    )
    expect(far.response.id?.tntId).toBe(`${near.response.id?.tntId}.35_0`)
    await target.flush()
    expect(new Set(posts().map(({ session }) => session)).size).toBe(1)
    expect(
      edge.ledger
        .activities()[0]
        ?.experiences.map(({ visitors }) => visitors)
        .sort(),
    ).toEqual([0, 1])
    expect(edge.requests.flatMap(({ warnings }) => warnings)).toEqual([])
    await target.close()
  })
})

describe('a page that goes', () => {
  test('hands over what was shown, many displays a beacon', async () => {
    const { create, page, edge } = await open()
    const target = create()
    for (let at = 0; at < 60; at++) await target.getOffers(execute)
    page.leave()
    expect(page.beacons).toHaveLength(2)
    await expect.poll(() => edge.ledger.total('impression')).toBe(60)
    await target.close()
  })
})

describe('the copy of the rules', () => {
  test('is there before they are', async () => {
    const texts = createStorage()
    const first = await open({}, texts)
    const before = first.create()
    await before.getOffers(prefetch)
    await vi.waitFor(() => expect(copies(texts.texts)).toHaveLength(1))
    await before.close()

    const target = TargetClient.create({
      client: 'acme',
      organizationId: ORGANIZATION,
      artifactLocation: first.artifactLocation,
      decisioningMethod: 'on-device',
      fetchApi: () => new Promise(() => {}),
    })
    const { meta, response } = await target.getOffers(prefetch)
    expect([meta.decisioningMethod, response.prefetch?.mboxes?.length]).toEqual(['on-device', 2])
  })
})

describe('consent', () => {
  test('that is pending holds everything back: no rules are downloaded, and calls wait', async () => {
    const { create, downloads, texts, page } = await open({ defaultConsent: 'pending' })
    const target = create()
    const call = target.getOffers(execute)
    const ready = target.ready()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([downloads().length, page.cookies.size, copies(texts).length]).toEqual([0, 0, 0])
    target.optIn()
    await ready
    expect((await call).meta.decisioningMethod).toBe('on-device')
    expect(downloads()).toHaveLength(1)
    await target.close()
  })

  test('that is refused makes calls fail, and drops what was shown', async () => {
    const { create, edge, posts, page } = await open()
    const target = create()
    await target.getOffers(execute)
    expect(target.pending()).toBe(1)
    await target.optOut()
    await expect(target.getOffers(execute)).rejects.toMatchObject({ code: 'OPTED_OUT' })
    await target.flush()
    expect([posts().length, edge.ledger.entries.length, page.cookies.size]).toEqual([0, 0, 0])
    await target.close()
  })

  test('that is refused from the first downloads nothing', async () => {
    const { create, downloads } = await open({ defaultConsent: 'out' })
    const target = create()
    await expect(target.getOffers(execute)).rejects.toMatchObject({ code: 'OPTED_OUT' })
    await expect(target.getOffers({ ...execute, decisioningMethod: 'hybrid' })).rejects.toMatchObject({
      code: 'OPTED_OUT',
    })
    expect(downloads()).toEqual([])
    await target.close()
  })
})

test('a visitor who opts out leaves no copy, and with the next word the rules come again', async () => {
  const { create, texts, downloads } = await open()
  const target = create()
  await target.ready()
  await expect.poll(() => copies(texts)).toHaveLength(1)
  await target.optOut()
  expect(copies(texts)).toEqual([])
  expect(target.variationDetails('flags', 'columns', 0).reason).toBe('NO_CONSENT')
  target.optIn()
  await target.ready()
  expect(downloads()).toHaveLength(2)
  expect(target.variationDetails('flags', 'columns', 0).reason).toBe('MATCH')
  await target.close()
})

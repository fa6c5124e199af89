import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fileStorage } from '../../src/server.ts'
import { OLD, useClock } from './device-clock.ts'
import { report } from './happenings.ts'
import { acceptedIn, countedIn, enter, eventually, idsOf, once, openShop } from './shop.ts'
import { createLocalStorage, openShopPage } from './shop-page.ts'

// Nothing is stored or sent before a visitor agrees, and nothing stays when they do not.

describe('before the visitor has answered', () => {
  test('nothing is stored or sent, no cookie is set, and a flush sends nothing; then all of it', async () => {
    const shop = await openShop()
    const storage = createLocalStorage()
    const { client, told, page } = openShopPage(shop, { storage, defaultConsent: 'pending' })
    const entering = enter(client)
    const landed = ['landing', 'scrolled', 'read'].map((mbox) => `${client.track(mbox)?.id}`)
    expect(await client.flush()).toEqual({ sent: 0, rejected: 0, pending: 0 })
    expect(shop.proxy.calls).toEqual([])
    expect(Object.keys(storage)).toEqual([])
    expect([...page.cookies]).toEqual([])

    client.optIn()
    await Promise.resolve()
    for (const id of landed) expect(JSON.stringify(storage)).toContain(id)
    const reported = report(await entering, 5)
    await eventually(() => expect(told.sent).toHaveLength(8))
    expect(acceptedIn(shop.edge)).toEqual(expect.arrayContaining([...landed, ...idsOf(reported)]))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect([...page.cookies.keys()]).toContain('mbox')
    expect(told).toMatchObject({ rejected: [], dropped: [], warnings: [] })
  })

  test('a page that ends has stored and sent nothing', async () => {
    const shop = await openShop()
    const storage = createLocalStorage()
    const { client, page, end } = openShopPage(shop, { storage, defaultConsent: 'pending' })
    client.track('landing')
    end()
    expect(page.beacons).toEqual([])
    expect(Object.keys(storage)).toEqual([])
    expect(await client.close()).toEqual({ sent: 0, rejected: 0, pending: 0 })
    expect(shop.proxy.calls).toEqual([])
  })

  test('what an earlier page has left is not touched; it is sent when the visitor agrees', async () => {
    const put = useClock()
    const shop = await openShop()
    const storage = createLocalStorage()
    const first = openShopPage(shop, { storage })
    const guest = await enter(first.client)
    Object.assign(navigator, { onLine: false })
    const reported = report(guest, 5)
    first.end()
    const before = { ...storage }
    put(OLD)
    const { client, told } = openShopPage(shop, { storage, defaultConsent: 'pending' })
    await client.flush()
    expect({ ...storage }).toEqual(before)
    expect(countedIn(shop.edge)).toEqual({})
    client.optIn()
    await eventually(() => expect(told.sent).toHaveLength(5))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(Object.keys(storage)).toEqual([])
  })

  test('a thousand reports are remembered: the oldest make room, and are told', async () => {
    const shop = await openShop()
    const { client, told } = openShopPage(shop, { defaultConsent: 'pending' })
    const tracked = Array.from({ length: 1_010 }, () => `${client.track('scrolled')?.id}`)
    expect(told.dropped.map(({ id, reason }) => ({ id, reason }))).toEqual(
      tracked.slice(0, 10).map((id) => ({ id, reason: 'overflow' })),
    )
    client.optIn()
    await eventually(() => expect(told.sent).toHaveLength(1_000))
    expect(acceptedIn(shop.edge)).toEqual(tracked.slice(10))
    expect(shop.proxy.calls.length).toBeLessThanOrEqual(20)
  })
})

describe('a visitor who does not agree', () => {
  test('from the start: what was reported is dropped and told, and nothing has ever left', async () => {
    const shop = await openShop()
    const storage = createLocalStorage()
    const { client, told } = openShopPage(shop, { storage, defaultConsent: 'pending' })
    const entering = enter(client)
    const tracked = [client.track('landing'), client.track('read')]
    await client.optOut()
    await expect(entering).rejects.toMatchObject({ code: 'OPTED_OUT' })
    expect(told.dropped).toEqual(tracked.map((one) => ({ id: one?.id, reason: 'consent', age: expect.any(Number) })))
    expect(client.track('later')).toBeUndefined()
    await client.flush()
    expect(shop.proxy.calls).toEqual([])
    expect(Object.keys(storage)).toEqual([])
  })

  test('any more: what waits is dropped and told, storage and cookies are cleared, nothing more is sent', async () => {
    const shop = await openShop()
    const storage = createLocalStorage()
    const { client, told, page } = openShopPage(shop, { storage, notificationDelay: 60_000 })
    const guest = await enter(client)
    const reported = report(guest, 30)
    await Promise.resolve()
    storage.setItem('isotarget:acme:0:abcdefabcdef:0', 'of an older version')
    storage.setItem('isotarget:other:1:abcdefabcdef:0', 'of another account')
    storage.setItem('of another program', 'stays')
    const calls = shop.proxy.calls.length
    await client.optOut()
    expect(told.dropped.map(({ id, reason }) => ({ id, reason }))).toEqual(
      idsOf(reported).map((id) => ({ id, reason: 'consent' })),
    )
    expect(Object.keys(storage).sort()).toEqual(['isotarget:other:1:abcdefabcdef:0', 'of another program'])
    expect([...page.cookies]).toEqual([])
    expect(client.pending()).toBe(0)
    expect(report(guest, 5).map(({ id }) => id)).toEqual(['', '', '', '', ''])
    expect(await client.flush()).toEqual({ sent: 0, rejected: 0, pending: 0 })
    await expect(enter(client)).rejects.toMatchObject({ code: 'OPTED_OUT' })
    expect(shop.proxy.calls).toHaveLength(calls)

    client.optIn()
    const again = report(await enter(client), 5)
    expect(await client.flush()).toEqual({ sent: 5, rejected: 0, pending: 0 })
    expect(countedIn(shop.edge)).toEqual(once(again))
  })

  test('what an earlier page has left is cleared too', async () => {
    const shop = await openShop()
    const storage = createLocalStorage()
    const first = openShopPage(shop, { storage })
    const guest = await enter(first.client)
    Object.assign(navigator, { onLine: false })
    report(guest, 5)
    first.end()
    expect(Object.keys(storage)).not.toEqual([])
    const { client } = openShopPage(shop, { storage, defaultConsent: 'out' })
    await client.optOut()
    expect(Object.keys(storage)).toEqual([])
    const calls = shop.proxy.calls.length
    await client.flush()
    expect(shop.proxy.calls).toHaveLength(calls)
  })
})

describe('on a server', () => {
  test('who opts out does so alone: the others are stored, sent and counted', async () => {
    const shop = await openShop()
    const directory = shop.directory()
    const { client, told } = shop.open({ notificationStorage: fileStorage(directory), notificationDelay: 60_000 })
    const [one, other] = [await enter(client), await enter(client)]
    const dropped = report(one, 20)
    const kept = report(other, 20)
    await one.target.optOut()
    expect(told.dropped.map(({ id }) => id)).toEqual(idsOf(dropped))
    expect(await client.flush()).toEqual({ sent: 20, rejected: 0, pending: 0 })
    expect(countedIn(shop.edge)).toEqual(once(kept))
    await client.close()
    expect(readdirSync(directory)).toEqual([])
  })

  test('each visitor is asked: nobody is stored or sent before their own answer', async () => {
    const shop = await openShop()
    const directory = shop.directory()
    const { client, told } = shop.open({ notificationStorage: fileStorage(directory), defaultConsent: 'pending' })
    const [one, other] = [client.visitor(''), client.visitor('')]
    const silent = one.track('landing')
    const agreed = other.track('landing')
    other.optIn()
    await eventually(() => expect(told.sent).toEqual([agreed?.id]))
    await client.flush()
    expect(acceptedIn(shop.edge)).toEqual([agreed?.id])
    await one.optOut()
    expect(told.dropped.map(({ id, reason }) => ({ id, reason }))).toEqual([{ id: silent?.id, reason: 'consent' }])
  })
})

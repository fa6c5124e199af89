import { expect, vi } from 'vitest'
import { TargetClient } from '../../src/browser.ts'
import type { ClientOptions, Notification } from '../../src/server.ts'
import { openPage } from '../delivery-api/page.ts'
import { OLD, useClock } from './device-clock.ts'
import { report } from './happenings.ts'
import { createWire, enter, type Shop } from './shop.ts'

type Items = Record<string, string>

const storagePrototype = {
  getItem(this: Items, key: string): string | null {
    return Object.hasOwn(this, key) ? this[key]! : null
  },
  setItem(this: Items, key: string, text: string): void {
    this[key] = `${text}`
  },
  removeItem(this: Items, key: string): void {
    delete this[key]
  },
  clear(this: Items): void {
    for (const key of Object.keys(this)) delete this[key]
  },
}

/** A `localStorage`: its keys are its members, as in browsers. */
export type LocalStorage = Items & typeof storagePrototype

/** A `localStorage` for the pages of one site, which holds so many characters. */
export const createLocalStorage = (quota = 5_000_000): LocalStorage =>
  Object.create({
    ...storagePrototype,
    setItem(this: Items, key: string, text: string): void {
      const others = Object.entries(this).filter(([name]) => name !== key)
      const filled = [...others, [key, text]].reduce((sum, pair) => sum + pair.join('').length, 0)
      if (filled > quota) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
      this[key] = `${text}`
    },
  })

/** Locks that end with their page; the runtime's own, which are those of the web. */
const { locks } = navigator

/** What a page needs. */
export interface ShopPageOptions extends Partial<ClientOptions> {
  storage?: object
}

/** A page of the shop and the client on it; it is the page of the test from now on. */
export const openShopPage = (shop: Shop, { storage = createLocalStorage(), ...options }: ShopPageOptions = {}) => {
  const page = openPage({ url: 'https://shop.example/' })
  vi.stubGlobal('localStorage', storage)
  Object.assign(navigator, { locks })
  const { fetchApi, cut } = createWire()
  return {
    page,
    ...shop.open({ fetchApi, ...options }, TargetClient),
    /** The page ends, as at a navigation. */
    end() {
      page.leave()
      cut()
    },
  }
}

/** What is stored for the account, by key. */
export const recordsIn = (storage: LocalStorage): [key: string, text: string][] =>
  Object.keys(storage).flatMap((key) => (/^isotarget:acme:1:/.test(key) ? [[key, `${storage[key]}`]] : []))

/** A page that ended a while ago, when the device was offline, with so many notifications that nobody has. */
export const leaveOffline = async (shop: Shop, { storage, count }: { storage: LocalStorage; count: number }) => {
  const put = useClock()
  put(-OLD)
  const page = openShopPage(shop, { storage })
  const guest = await enter(page.client)
  const queued: Notification[] = []
  page.client.on('notificationQueued', ({ notification }) => queued.push(notification))
  Object.assign(navigator, { onLine: false })
  const reported = report(guest, count)
  page.end()
  expect(page.page.beacons).toEqual([])
  put(0)
  return { ...guest, reported, queued }
}

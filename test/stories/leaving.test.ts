import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { TargetClient } from '../../src/browser.ts'
import type { NotificationStorage } from '../../src/platform/platform.ts'
import { openPage } from '../delivery-api/page.ts'

// A page that is about to go lets go of what it stored, so that the browser may keep it; until it has gone, nobody takes it over.

type Sent = { notifications?: { id: string }[] }
const idsOf = (body: unknown): string[] => (JSON.parse(`${body}`) as Sent).notifications?.map(({ id }) => id) ?? []

/** What two tabs of one site share: texts, and names that one of them holds. */
const openStorage = (): NotificationStorage & { texts: Map<string, string> } => {
  const texts = new Map<string, string>()
  const held = new Set<string>()
  return {
    texts,
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
    removeItem: (key) => void texts.delete(key),
    getKeys: () => [...texts.keys()],
    hold(name) {
      if (held.has(name)) return undefined
      held.add(name)
      return () => void held.delete(name)
    },
  }
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** A tab that reports a purchase, and one that is opened later. */
const openTabs = async ({ takesNothing = false } = {}) => {
  const storage = openStorage()
  const arrived: { tab: string; ids: string[] }[] = []
  const open = (tab: string) => {
    const listeners = new Map<string, () => void>()
    openPage({ takesBeacons: false })
    vi.stubGlobal('addEventListener', (name: string, listener: () => void) => listeners.set(name, listener))
    const fetchApi: typeof fetch = async (_, init) => {
      if (tab === 'first' && takesNothing) throw new TypeError('Failed to fetch')
      const ids = idsOf(init?.body)
      arrived.push({ tab, ids })
      return Response.json({ status: 200, notifications: ids.map((id) => ({ id })) })
    }
    const account = { client: 'acme', organizationId: 'ABC@AdobeOrg', notificationDelay: 3_000 }
    const target = TargetClient.create({ ...account, fetchApi, notificationStorage: storage })
    const tell = (name: string) => listeners.get(name)?.()
    return { target, tell }
  }
  const first = open('first')
  const id = first.target.track('buy', { order: { id: 'o-1' } })?.id
  // Older than what may belong to somebody whose name is not taken yet.
  await vi.advanceTimersByTimeAsync(1_500)
  first.tell('beforeunload')
  open('second')
  return { ...first, id, arrived, texts: storage.texts }
}

test('a link that was a download: the page stays and sends what is its own, once', async () => {
  const { id, arrived, texts, target } = await openTabs()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(arrived).toEqual([{ tab: 'first', ids: [id] }])
  expect(target.pending()).toBe(0)
  expect([...texts.keys()].filter((key) => !key.includes(':lock:'))).toEqual([])
})

test('a page that has gone, and could hand nothing over: the other sends it', async () => {
  const { id, arrived, tell, texts } = await openTabs({ takesNothing: true })
  tell('pagehide')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(arrived).toEqual([])
  // What a page that ends has tried may be on its way for half a minute.
  await vi.advanceTimersByTimeAsync(60_000)
  expect(arrived).toEqual([{ tab: 'second', ids: [id] }])
  expect([...texts.keys()].filter((key) => !key.includes(':lock:'))).toEqual([])
})

import { type Core, createCore } from '../../src/client/core.ts'
import type { Envelope } from '../../src/notification/batch.ts'
import type { Moment, Platform, Post, Reply } from '../../src/platform/platform.ts'
import { born, type Life, within } from './life.ts'
import type { ModelStorage } from './model-storage.ts'

/** A page or a server process with a client in it. */
export interface Tab {
  life: Life
  core: Core
  /** Something happens to the page. */
  tell(moment: Moment): void
  /** It is just being told that it goes. */
  isClosing: boolean
  /** Until when it was asked not to call, by session or cluster. */
  barred: Map<string, number>
  /** It was asked to send at once, whatever it knows of the network. */
  hasFlushed: boolean
  openedAt: number
  /** When it came back after others may have taken over what it had. */
  backAt: number
}

/** What a tab needs of its world. */
export interface TabParts {
  name: string
  storage: ModelStorage
  isBrowser: boolean
  options: { retries: number; count: number; isConfirmed: boolean }
  isOnline(): boolean
  /** Epoch ms. */
  now(): number
  post(tab: Tab, url: string, post: Post): Promise<Reply>
  beacon(tab: Tab, url: string, body: string): boolean
  onEnd(tab: Tab, id: string, fate: string): void
}

const browserOf = (tab: Tab, { beacon, isOnline }: TabParts): Partial<Platform> => ({
  beacon: (url, body) => !tab.life.isDead && beacon(tab, url, body),
  onLife(listener) {
    tab.tell = (moment) => {
      tab.isClosing = moment === 'hidden' || moment === 'ends'
      within(tab.life, () => listener(moment))
      tab.isClosing = false
    }
    return () => {}
  },
  isOnline: () => !tab.life.isDead && isOnline(),
  idle: (work) => void setTimeout(work, 5),
})

/** Opens a tab, or starts a process. */
export const openTab = (parts: TabParts): Tab => {
  const { name, storage, isBrowser, options, now, post, onEnd } = parts
  const life = born(name)
  const tab: Tab = {
    life,
    core: undefined as unknown as Core,
    tell() {},
    isClosing: false,
    barred: new Map(),
    hasFlushed: false,
    openedAt: performance.now(),
    backAt: -Infinity,
  }
  const platform: Platform = {
    fetch: (url, what) => (life.isDead ? new Promise(() => {}) : post(tab, url, what)),
    now,
    headers: () => ({}),
    ...(isBrowser && browserOf(tab, parts)),
  }
  const end = (id: string, fate: string): void => {
    if (!life.isDead) onEnd(tab, id, fate)
  }
  within(life, () => {
    tab.core = createCore(
      {
        client: 'acme',
        organizationId: 'ABC@AdobeOrg',
        retries: options.retries,
        notificationBatchSize: options.count,
        confirmBeacons: options.isConfirmed,
        notificationStorage: storage.viewOf(life),
        events: {
          notificationSent: ({ notification: { id } }) => end(id, 'sent'),
          notificationRejected: ({ notification: { id } }) => end(id, 'rejected'),
          notificationDropped: ({ notification: { id }, reason }) => end(id, `dropped: ${reason}`),
        },
      },
      platform,
    )
    tab.core.queue.open()
  })
  return tab
}

/** Where notifications of a visitor go: each place has its own property or edge cluster. */
export const envelopeOf = (visitor: number, place: number): Envelope => ({
  sessionId: `visitor-${visitor}`,
  cluster: place < 2 ? '35' : undefined,
  request: {
    id: { thirdPartyId: `customer-${visitor}` },
    context: { channel: 'web' },
    property: { token: `property-${place}` },
  },
})

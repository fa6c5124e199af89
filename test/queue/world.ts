import { createLedger, type Entry } from './ledger.ts'
import { randomOf, within } from './life.ts'
import type { Answer } from './model-edge.ts'
import { createModelStorage, type StorageKind } from './model-storage.ts'
import { type BeaconFate, createNetwork } from './network.ts'
import { envelopeOf, openTab, type Tab } from './tab.ts'

/** How long a slow storage takes at most to write what happened, in ms. */
const SLOWNESS = 1_000

/** What a world is like. */
export interface WorldParts {
  storage: StorageKind
  answers: readonly Answer[]
  beacons: readonly BeaconFate[]
  options: { retries: number; count: number; isConfirmed: boolean }
  /** Of all chance. */
  seed: number
}

/** Notifications of a visitor. */
export interface Shown {
  count: number
  visitor: number
  place: number
  size: number
  isPoison: boolean
}

/** An edge, a storage, and whoever has to do with them. */
export const createWorld = (parts: WorldParts) => {
  const random = randomOf(parts.seed)
  const ledger = createLedger()
  const storage = createModelStorage(parts.storage, random)
  const isBrowser = parts.storage === 'locks' || parts.storage === 'stamps'
  const tabs: Tab[] = []
  const state = {
    isOnline: true,
    /** How much the clock was put, in ms. */
    skew: 0,
    hasJumped: false,
    /** The storage did not always work, or the clock jumped. */
    wasIll: false,
    /** Somebody let go of what is stored, until it is found again. */
    hasLetGo: false,
    /** Time stamps could not be kept or believed, so that the living may look dead. */
    isLoose: false,
    opened: 0,
  }
  /** Until when those that are opened later are asked not to call, and since when they are. */
  const pause = { until: 0, since: 0 }
  const isWell = () => storage.state.health === 'well'

  const network = createNetwork({
    ...parts,
    ledger,
    isOnline: () => state.isOnline,
    isWritten: isWell,
    around() {
      let ids: ReadonlyMap<string, boolean> | undefined
      const stored = () => {
        ids ??= storage.ids()
        return ids
      }
      return {
        all: [...ledger.entries.values()],
        count: parts.options.count,
        isOnline: state.isOnline,
        hasJumped: state.hasJumped,
        isLoose: state.isLoose,
        isStored: ({ id }) => stored().has(id),
        isAway: ({ id }) => stored().get(id) ?? false,
      }
    },
    onPause(until) {
      if (isWell()) Object.assign(pause, { until: Math.max(pause.until, until), since: performance.now() })
    },
  })

  const onEnd = (tab: Tab, id: string, fate: string): void => {
    const entry = ledger.entryOf(id)
    entry.fates.push(fate)
    entry.touchedAt = performance.now()
    const isTwice = entry.fates.length > 1 && !entry.isExcused && !state.isLoose
    if (isTwice) ledger.fault(`${tab.life.name}: ${id} ended as ${entry.fates}`)
    const isUntrue = fate === 'sent' && !entry.accepted && parts.options.isConfirmed
    if (isUntrue) ledger.fault(`${tab.life.name}: ${id} is said to be sent, and is not`)
  }

  /** True when the storage may not know the last of a notification. */
  const isVague = ({ touchedAt }: Entry): boolean =>
    state.wasIll || (storage.kind === 'remote' && performance.now() - touchedAt < SLOWNESS)

  /** A tab is dead, and a notification is not stored. */
  const bury = (entry: Entry, { life }: Tab): void => {
    const isKnown = !isVague(entry)
    if (isKnown && entry.life === life) ledger.fault(`${entry.id} was not stored when ${life.name} died`)
    if (!isKnown || entry.life === life) entry.isLost = true
  }

  return {
    parts,
    ledger,
    storage,
    edge: network.edge,
    tabs,
    state,
    pause,
    isBrowser,
    random,
    isVague,
    open(): Tab {
      const tab = openTab({
        name: `tab ${++state.opened}`,
        storage,
        isBrowser,
        options: parts.options,
        isOnline: () => state.isOnline,
        now: () => Date.now() + state.skew,
        post: network.post,
        beacon: network.beacon,
        onEnd,
      })
      // A slow storage does not tell it in time.
      if (isWell() && storage.kind !== 'remote') tab.barred.set('all', pause.until)
      tabs.push(tab)
      return tab
    },
    /** Queues notifications. */
    add({ life, core }: Tab, { count, visitor, place, size, isPoison }: Shown): void {
      const envelope = envelopeOf(visitor, place)
      const timestamp = Date.now() + state.skew
      for (let more = 0; more < count; more++) {
        const { id } = ledger.add({ life, envelope, isPoison: isPoison && more === 0 })
        const notification = { id, type: 'display' as const, timestamp, mbox: { name: 'm'.repeat(size) } }
        within(life, () => core.queue.add(notification, envelope))
      }
    },
    /** A tab is gone; what it did not write down is lost. */
    crash(tab: Tab): void {
      const stored = storage.ids()
      tab.life.isDead = true
      tabs.splice(tabs.indexOf(tab), 1)
      for (const entry of ledger.entries.values()) if (isVague(entry)) entry.isExcused = true
      for (const entry of ledger.open()) if (!stored.has(entry.id)) bury(entry, tab)
      // Word of it was on the way.
      if (storage.kind === 'remote' && performance.now() - pause.since < SLOWNESS) pause.until = 0
    },
    /** A tab let go of what it believes to be stored. */
    letGo(tab: Tab): void {
      state.hasLetGo = true
      if (!state.wasIll) return
      const stored = storage.ids()
      for (const entry of ledger.open()) {
        if (entry.life !== tab.life) continue
        if (!stored.has(entry.id)) entry.isLost = true
        // That it is about to go could not be said.
        if (!isWell()) entry.isExcused = true
      }
    },
    /** The storage is about to be emptied; what nobody holds is gone with it. */
    emptied(): void {
      for (const entry of ledger.open()) {
        const tab = tabs.find(({ life }) => life === entry.life)
        const isHeld = tab && !tab.life.isFrozen && tab.backAt === -Infinity
        if (!isHeld) Object.assign(entry, { isLost: true, isExcused: true })
      }
    },
  }
}

export type World = ReturnType<typeof createWorld>

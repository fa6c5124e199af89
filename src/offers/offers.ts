import type { Client } from '../client/client.ts'
import { TargetError } from '../delivery/error.ts'
import type { MboxRequest } from '../delivery/mbox.ts'
import { detailsOf, keyOf, type OfferDetails } from './asked.ts'
import { createBatch } from './batch.ts'
import { type Entry, entryOf } from './entry.ts'
import { type Appearance, createPresence } from './presence.ts'
import { createReadings, type Reading } from './reading.ts'
import { answered, failed, type OfferSnapshot, PENDING } from './snapshot.ts'
import { createHeld, type OffersState } from './state.ts'
import { createEntrance } from './views.ts'

/** What a provider gives to its components. */
export interface Provided {
  /**
   * What was answered elsewhere, such as on the server: a result of `getOffers`, or what `offersState` gives. What it holds is there at
   * once, and is not asked for again.
   */
  state?: OffersState | undefined
  /** Asked for with the first request, so that components that come later need none of their own: names, or mboxes with parameters. */
  mboxes?: readonly (string | MboxRequest)[] | undefined
}

/** The offers of one visitor, for the components of a page. */
export interface Offers {
  /** Takes over what a provider gives; what is known already stays. */
  provide(provided: Provided): void
  /** Asks for what was provided to be asked for. */
  start(): void
  /** The entry of an mbox; equal questions have the same one. */
  entry(name: string, details: OfferDetails): Entry
  /** Calls when anything has changed; gives the way to stop. */
  subscribe(listener: () => void): () => void
  /** Asks for an mbox unless that has been done. Resolves when it is settled, and does not reject. */
  ask(entry: Entry): Promise<void>
  /** The same, for who waits. Throws a `TargetError` when nobody can be asked, so that no page waits for ever. */
  wait(entry: Entry): Promise<void>
  /**
   * What a server renders, and what the page begins with, so that both agree. `isWaiting` is for a component that waits for the answer:
   * the server has rendered that, or could not have it, and then its default content stays.
   */
  rendered(entry: Entry, isWaiting: boolean): OfferSnapshot
  /** The value of a key in the JSON offer of an mbox. */
  read(entry: Entry, key: string): Reading
  /** The same of what a server renders. */
  readRendered(entry: Entry, key: string, isWaiting: boolean): Reading
  /** Counts that a value is shown. Gives the way to stop. */
  useValue(entry: Entry, key: string, reading: Reading): void
  /** Takes an offer as shown: counts its display, and clicks. Gives the way to stop. */
  show(entry: Entry, appearance: Appearance): () => void
  /** Puts an offer of an mbox where it belongs, unless it is there. Gives the way to stop. */
  present(entry: Entry, appearance: Appearance & { element: Element }, isThere: boolean): () => void
  /** Enters a view, until the end that it gives. */
  enter(view: string): () => void
  /** What was answered so far, for the page. */
  collect(): OffersState
}

const nothing = (): void => {}

const nobodyToAsk = (isPage: boolean): TargetError => {
  const where = isPage
    ? 'give a client to the provider'
    : 'on a server give the client of one visitor, target.visitor(request), or a state'
  return new TargetError('INVALID_ARGUMENT', `There is nobody to ask for offers: ${where}`)
}

/** What a server says of all that it could not have, so that the page says the same without being told why. */
const missedBy = ({ snapshot: { error } }: Entry): OfferSnapshot =>
  failed(new TargetError('NOT_READY', 'The server had no answer: its default content stays', error && { cause: error }))

const collectOf = (entries: Iterable<Entry>): OffersState => {
  const known = [...entries].flatMap(({ snapshot: { mbox }, ...entry }) => (mbox ? [{ mbox, ...entry }] : []))
  const mboxes = known.map(({ mbox, name, details }) => ({ ...details, name, index: mbox.index }))
  return {
    request: { prefetch: { mboxes } as NonNullable<OffersState['request']>['prefetch'] },
    response: { prefetch: { mboxes: known.map(({ mbox }) => mbox) } },
    streamed: known.flatMap(({ held, mbox }) => (held && !held.isStreamed ? [] : (mbox.index ?? []))),
  }
}

/** What waits for answers, and for whom. */
const createEntries = (client: Client | undefined, isPage: boolean) => {
  const listeners = new Set<() => void>()
  const entries = new Map<string, Entry>()
  const wanted = new Map<string, MboxRequest>()
  const held = createHeld()
  const batch = client && createBatch(client.getOffers, held.highest)

  const notify = (): void => {
    for (const listener of [...listeners]) listener()
  }
  const settle = (entry: Entry, snapshot: OfferSnapshot): void => {
    entry.snapshot = snapshot
    notify()
  }
  const entryFor = (name: string, given: OfferDetails): Entry => {
    const details = detailsOf(given)
    const id = name + keyOf(details)
    const entry = entries.get(id) ?? entryOf({ name, details, id, held: held.take(name, details) })
    entries.set(id, entry)
    return entry
  }
  const fetch = async (entry: Entry): Promise<void> => {
    try {
      if (!batch) throw nobodyToAsk(isPage)
      settle(entry, answered(await batch.mbox(entry.name, entry.details)))
    } catch (error) {
      settle(entry, failed(error))
    }
  }
  const ask = (entry: Entry): Promise<void> => {
    // Who waits is given the same promise each time.
    if (entry.snapshot === PENDING) entry.asking ??= fetch(entry)
    start()
    return entry.asking ?? Promise.resolve()
  }
  const start = (): void => {
    const mboxes = [...wanted.values()].filter(({ name, ...details }) => !entries.has(name + keyOf(details)))
    if (batch) for (const { name, ...details } of mboxes) void ask(entryFor(name, details))
  }
  const provide = ({ state, mboxes = [] }: Provided): void => {
    held.add(state)
    for (const given of mboxes) {
      const mbox = typeof given === 'string' ? { name: given } : given
      wanted.set(mbox.name + keyOf(mbox), mbox)
    }
  }
  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return { entries, entryFor, ask, start, provide, subscribe, notify, settle, held, batch }
}

/** Makes the offers of one visitor. Without a client nobody is asked, and there is only what is provided. */
export const createOffers = (client: Client | undefined): Offers => {
  const isPage = typeof document !== 'undefined'
  const { entries, entryFor, ask, start, provide, subscribe, notify, settle, held, batch } = createEntries(
    client,
    isPage,
  )
  const presence = client && createPresence(client, (entry, error) => settle(entry, failed(error)))
  const readings = createReadings(isPage ? client : undefined, notify)
  const enter = client && batch && createEntrance(client, async () => held.views() ?? batch.views())

  const rendered = (entry: Entry, isWaiting: boolean): OfferSnapshot => {
    const { held, initial, snapshot } = entry
    if (held && (isWaiting || !held.isStreamed)) return initial
    if (!isWaiting) return PENDING
    if (!isPage && !snapshot.error) return snapshot
    entry.missed ??= missedBy(entry)
    if (snapshot === PENDING && !entry.asking) entry.snapshot = entry.missed
    return entry.missed
  }
  return {
    provide,
    start,
    entry: entryFor,
    subscribe,
    ask,
    wait(entry) {
      if (!batch) throw nobodyToAsk(isPage)
      return ask(entry)
    },
    rendered,
    read: readings.read,
    readRendered: (entry, key, isWaiting) => readings.ofSnapshot(rendered(entry, isWaiting), key),
    useValue(entry, key, { isByDevice }) {
      if (isByDevice) readings.count(entry, key)
      else presence?.show(entry, { report: 'mount', element: undefined })
    },
    show: (entry, appearance) => presence?.show(entry, appearance) ?? nothing,
    present: (...shown) => presence?.present(...shown) ?? nothing,
    enter: (view) => enter?.(view) ?? nothing,
    collect: () => collectOf(entries.values()),
  }
}

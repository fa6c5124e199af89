import type { VisitorId } from '../delivery/visitor.ts'
import { createSessions } from './sessions.ts'

/** A person as Target knows them: several ids that were sent together are one. */
export interface Visitor {
  /** Their first key, such as `tntId:abc`, and those of whoever turned out to be the same person. */
  keys: Set<string>
  /** Every id that leads to them, such as `thirdPartyId:anna`. */
  ids: Set<string>
  /** The device id without its location hint. */
  tntId: string
  thirdPartyId: string | undefined
  marketingCloudVisitorId: string | undefined
  /** Customer ids under which they were signed in, by integration code. */
  customers: Map<string, string>
  profile: Map<string, string>
  /** Activity id to position of the experience: once seen, always seen. */
  experiences: Map<number, number>
  /** Activities with an impression that counted, as `live 101`, to the position of the experience shown last. */
  entered: Map<string, number>
  /** What happened once and must not count again. */
  marks: Set<string>
}

/** True the first time that these words are said of the visitor. */
export const once = ({ marks }: Visitor, ...words: (string | number)[]): boolean => {
  const { size } = marks
  return marks.add(words.join('\n')).size > size
}

/** The key that a visitor came in with; allocation and tokens go by it. */
export const keyOf = ({ keys }: Visitor): string => [...keys][0] ?? ''

/** A device id without its location hint: `abc.35_0` gives `abc`. */
export const bareId = (tntId: string): string => tntId.replace(/\..*/, '')

/**
 * The customer id that a request is signed in with: Target looks at the first one that is authenticated, and only beside an ECID and
 * without a `thirdPartyId`.
 */
const customerOf = ({ thirdPartyId, marketingCloudVisitorId, customerIds = [] }: VisitorId) =>
  thirdPartyId || !marketingCloudVisitorId
    ? undefined
    : customerIds.find(({ authenticatedState }) => authenticatedState === 'authenticated')

/** The ids of a request as keys, the one that decides first. A person is one `thirdPartyId`, on however many devices. */
const keysOf = (id: VisitorId): string[] => {
  const { thirdPartyId, marketingCloudVisitorId, tntId } = id
  const customer = customerOf(id)
  return [
    ...(thirdPartyId ? [`thirdPartyId:${thirdPartyId}`] : []),
    ...(customer ? [`customerId:${customer.integrationCode}:${customer.id}`] : []),
    ...(marketingCloudVisitorId ? [`marketingCloudVisitorId:${marketingCloudVisitorId}`] : []),
    ...(tntId ? [`tntId:${bareId(tntId)}`] : []),
  ]
}

const differ = (one: string | undefined, other: string | undefined): boolean => Boolean(one && other && one !== other)

/** Whether a request is signed in as somebody else. */
const isOther = (id: VisitorId, { thirdPartyId, customers }: Visitor): boolean => {
  const customer = customerOf(id)
  return differ(id.thirdPartyId, thirdPartyId) || differ(customer?.id, customers.get(customer?.integrationCode ?? ''))
}

/** Whether a request that names nobody known can be of this visitor, in whose session it comes. */
const belongs = (id: VisitorId, visitor: Visitor): boolean =>
  !id.tntId && !isOther(id, visitor) && !differ(id.marketingCloudVisitorId, visitor.marketingCloudVisitorId)

/** What was true of one is true of the other; where they differ, the winner stays as it is. */
const absorb = (winner: Visitor, loser: Visitor): void => {
  for (const key of loser.keys) winner.keys.add(key)
  for (const id of loser.ids) winner.ids.add(id)
  for (const mark of loser.marks) winner.marks.add(mark)
  winner.thirdPartyId ??= loser.thirdPartyId
  winner.marketingCloudVisitorId ??= loser.marketingCloudVisitorId
  for (const [code, id] of loser.customers) if (!winner.customers.has(code)) winner.customers.set(code, id)
  for (const [name, value] of loser.profile) if (!winner.profile.has(name)) winner.profile.set(name, value)
  for (const [key, at] of loser.entered) if (!winner.entered.has(key)) winner.entered.set(key, at)
  for (const [id, at] of loser.experiences) if (!winner.experiences.has(id)) winner.experiences.set(id, at)
}

/** Remembers under which ids a visitor has come. */
const learn = (visitor: Visitor, id: VisitorId): void => {
  visitor.thirdPartyId ??= id.thirdPartyId
  visitor.marketingCloudVisitorId ??= id.marketingCloudVisitorId
  const customer = customerOf(id)
  if (customer) visitor.customers.set(customer.integrationCode, customer.id)
}

/** By activity, where each of its experiences stands now; undefined for one that is gone. */
export type Moves = Map<number, (number | undefined)[]>

/** Follows the experiences of one activity. */
const follow = (held: Map<string | number, number>, key: string | number, to: (number | undefined)[]): void => {
  const at = held.get(key)
  const now = at === undefined ? undefined : to[at]
  if (now === undefined) held.delete(key)
  else held.set(key, now)
}

export interface Visitors {
  /** Experiences have moved: visitors keep theirs, unless it is gone. */
  move(moves: Moves): void
  /** Finds the visitor of a request, or makes one. `shared` tells that the session was another visitor's. */
  identify(id: VisitorId, sessionId: string): { visitor: Visitor; shared: boolean }
}

/** Who is remembered, by key, and by any id; whoever came last is last. */
interface Memory {
  people: Map<string, Visitor>
  owners: Map<string, string>
  /** How many keys. */
  most: number
}

/** Whoever is here now is forgotten last; whoever is one too many is forgotten. */
const welcome = ({ keys }: Visitor, { people, owners, most }: Memory): void => {
  if (most === Infinity) return
  for (const key of keys) {
    const visitor = people.get(key)
    people.delete(key)
    if (visitor) people.set(key, visitor)
  }
  while (people.size > Math.max(most, keys.size)) {
    const [oldest] = people.values()
    for (const key of oldest?.keys ?? []) people.delete(key)
    for (const id of oldest?.ids ?? []) owners.delete(id)
  }
}

/** What visitors need. */
interface Needed {
  /** Makes a device id. */
  createId: () => string
  /** Epoch ms. */
  now: () => number
  /** How many are remembered. */
  most: number
}

/** The visitors of one emulator. */
export const createVisitors = ({ createId, now, most }: Needed): Visitors => {
  /** The key a visitor came in with to the visitor; after a stitch several keys lead to one. Who came last is last. */
  const people = new Map<string, Visitor>()
  /** Any id to the key of its visitor. */
  const owners = new Map<string, string>()
  const sessions = createSessions(now)

  const ownerOf = (key: string | undefined) => people.get(owners.get(key ?? '') ?? '')

  const visitorIn = (sessionId: string) => people.get(sessions.ownerOf(sessionId) ?? '')

  const create = (id: VisitorId, keys: readonly string[]): Visitor => {
    const tntId = id.tntId ? bareId(id.tntId) : createId()
    const key = keys[0] ?? `tntId:${tntId}`
    const { thirdPartyId, marketingCloudVisitorId } = id
    const memory = {
      customers: new Map(),
      profile: new Map(),
      experiences: new Map(),
      entered: new Map(),
      marks: new Set<string>(),
    }
    const visitor = {
      keys: new Set([key]),
      ids: new Set<string>(),
      tntId,
      thirdPartyId,
      marketingCloudVisitorId,
      ...memory,
    }
    people.set(key, visitor)
    return visitor
  }

  return {
    move(moves) {
      for (const { experiences, entered } of new Set(people.values()))
        for (const [id, to] of moves) {
          follow(experiences, id, to)
          for (const scope of ['live', 'qa']) follow(entered, `${scope} ${id}`, to)
        }
    },
    identify(id, sessionId) {
      const keys = keysOf(id)
      const known = keys.flatMap((key) => ownerOf(key) ?? []).filter((visitor) => !isOther(id, visitor))
      const inSession = visitorIn(sessionId)
      // A first call whose answer was lost comes again without a device id: it is the same visitor, not a new one.
      const returning = inSession && belongs(id, inSession) ? inSession : undefined
      const visitor = known[0] ?? returning ?? create(id, keys)
      for (const loser of known) {
        if (loser === visitor) continue
        absorb(visitor, loser)
        for (const key of loser.keys) people.set(key, visitor)
      }
      learn(visitor, id)
      for (const key of [...keys, `tntId:${visitor.tntId}`]) {
        owners.set(key, keyOf(visitor))
        visitor.ids.add(key)
      }
      sessions.use(sessionId, keyOf(visitor))
      welcome(visitor, { people, owners, most })
      return { visitor, shared: inSession !== undefined && inSession !== visitor && !known.includes(inSession) }
    },
  }
}

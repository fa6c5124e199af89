import { createId } from '../platform/platform.ts'

/** A visitor of the Experience Cloud ID service: Adobe's own object, or the one made here. */
export interface Visitor {
  /** `MCMID`, `MCAAMLH`, `MCAAMB`. */
  getVisitorValues?(): Record<string, unknown>
  /** State to be handed to the page, by organization. */
  getState?(): VisitorState
  /** The id that ties this Target call to an Analytics hit. */
  getSupplementalDataID?(consumerId: string): string
}

/** Visitor state by organization: feed it to `Visitor.getInstance(org, { serverState })`. */
export type VisitorState = Record<string, { customerIDs?: Record<string, unknown>; sdid?: Record<string, unknown> }>

/** 16 hex digits, of which the first is 0 to 7. */
const half = (hex: string): string => `${Number.parseInt(hex.charAt(0), 16) & 7}${hex.slice(1)}`

/** A new supplemental data id: two halves of 16 hex digits. */
const createSdid = (): string => {
  const id = createId().toUpperCase()
  return `${half(id.slice(0, 16))}-${half(id.slice(16))}`
}

/** Reads ECID and Audience Manager values out of an `AMCV_` cookie; of duplicates the last counts, `NONE` is none. */
export const parseVisitorCookie = (cookie: unknown): Record<string, string> => {
  const found: Record<string, string> = {}
  if (typeof cookie !== 'string' || !cookie) return found
  let plain = cookie
  try {
    plain = decodeURIComponent(cookie)
  } catch {
    // A malformed escape spoils only the part it stands in.
  }
  for (const [, key, value] of plain.matchAll(/(?:^|\|)(MCMID|MCAAMLH|MCAAMB)(?:-\d+s?)?\|(?=([^|]*))/g)) {
    if (value && value !== 'NONE') found[key as string] = value
    else delete found[key as string]
  }
  return found
}

/**
 * Keeps the supplemental data id of a visitor: calls that name different consumers share one id, a consumer that comes back
 * starts a new one, and the last id stays for consumers that have not had it.
 */
export const createVisitor = (organization: string): Required<Omit<Visitor, 'getVisitorValues'>> => {
  type Id = { id: string; consumed: Record<string, boolean> }
  const fresh = (): Id => ({ id: createSdid(), consumed: {} })
  let current: Id | undefined
  let last: Id | undefined
  return {
    getSupplementalDataID(consumerId) {
      const consumer = `payload:${consumerId}`
      if (last && !last.consumed[consumer]) {
        last.consumed[consumer] = true
        return last.id
      }
      if (!current || current.consumed[consumer]) {
        last = current
        current = fresh()
      }
      current.consumed[consumer] = true
      return current.id
    },
    getState: () => ({
      [organization]: {
        ...(current && {
          sdid: {
            supplementalDataIDCurrent: current.id,
            supplementalDataIDCurrentConsumed: { ...current.consumed },
            ...(last && { supplementalDataIDLast: last.id }),
            supplementalDataIDLastConsumed: { ...last?.consumed },
          },
        }),
      },
    }),
  }
}

/** Sessions that are kept in mind. */
const SESSIONS = 1_000

/**
 * Gives the calls of one session that come within `ms` one supplemental data id, so that their displays can leave in one call: what
 * the device decides does not arrive call by call.
 */
export const createSharing = (ms: number, now: () => number) => {
  const known = new Map<string, { given: Visitor | undefined; visitor: Visitor; until: number }>()
  return (sessionId: string, given: Visitor | undefined, make: () => Visitor): Visitor => {
    const found = known.get(sessionId)
    if (found && found.until > now() && found.given === given) return found.visitor
    const base = make()
    let id: string | undefined
    const visitor: Visitor = {
      getState: () => base.getState?.() ?? {},
      getSupplementalDataID(consumerId) {
        id ??= base.getSupplementalDataID?.(consumerId)
        return id as string
      },
    }
    if (known.size >= SESSIONS) known.clear()
    known.set(sessionId, { given, visitor, until: now() + ms })
    return visitor
  }
}

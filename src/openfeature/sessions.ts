import { createId } from '../platform/platform.ts'

/** A visit of somebody whom the context names, but no cookie. */
export interface Session {
  sessionId: string
  /** The edge cluster that knows the visit, digits. */
  targetLocationHint?: string | undefined
  /** Epoch ms of its last use. */
  at: number
}

/** Target ends a session after 30 minutes without a call, in ms. */
const IDLE = 30 * 60_000
const MOST = 10_000

/** Keeps the sessions of visitors, so that what one does in half an hour is one visit. The least recent go first. */
export const createSessions = (now: () => number) => {
  const sessions = new Map<string, Session>()
  /** `names` are all by which the visitor is known. */
  return (names: readonly unknown[]): Session => {
    const key = JSON.stringify(names)
    const known = sessions.get(key)
    const at = now()
    const session = known && at - known.at < IDLE ? known : { sessionId: createId(), at }
    session.at = at
    sessions.delete(key)
    sessions.set(key, session)
    const [oldest] = sessions.keys()
    if (sessions.size > MOST && oldest !== undefined) sessions.delete(oldest)
    return session
  }
}

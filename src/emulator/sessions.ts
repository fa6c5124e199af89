/** Milliseconds that a session lives after its last use. */
const SESSION_MS = 30 * 60 * 1000

interface Session {
  visitor: string
  at: number
}

/** Whose sessions are under way. Those that have ended are forgotten: a day of visits would stay in memory else. */
export const createSessions = (now: () => number) => {
  /** Those that were used last are last. */
  const sessions = new Map<string, Session>()
  const isOver = ({ at }: Session): boolean => now() - at > SESSION_MS
  return {
    /** Key of the visitor whose session it is. */
    ownerOf(sessionId: string): string | undefined {
      const session = sessions.get(sessionId)
      return session && !isOver(session) ? session.visitor : undefined
    },
    use(sessionId: string, visitor: string): void {
      sessions.delete(sessionId)
      sessions.set(sessionId, { visitor, at: now() })
      for (const [id, session] of sessions) {
        if (!isOver(session)) break
        sessions.delete(id)
      }
    },
  }
}

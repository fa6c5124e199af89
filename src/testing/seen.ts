import { invalid } from '../delivery/error.ts'
import type { Emulator } from '../emulator/emulator.ts'
import { tableOfArrivals, tableOfRefused } from './told.ts'

/** What a matcher looks at: an emulator, or anything that has its ledger and its requests. */
export type SeenEdge = Pick<Emulator, 'ledger' | 'requests'>

/** What a matcher gives to `expect`. */
export interface MatcherResult {
  pass: boolean
  /** Why it failed, with the ledger and what arrived; also for `.not`. */
  message: () => string
}

const isSeen = (received: unknown): received is SeenEdge => {
  const { ledger, requests } = (received ?? {}) as Partial<SeenEdge>
  return typeof ledger?.activities === 'function' && Array.isArray(requests)
}

/** The edge that a test handed over. Throws a {@link TargetError} `INVALID_ARGUMENT` for anything else. */
export const seenEdge = (received: unknown): SeenEdge => {
  if (isSeen(received)) return received
  throw invalid('expect(edge): must be what createEmulator() gave, as it has the ledger', { path: 'edge', received })
}

/** A call of a matcher as it stands in the test. */
interface Claim {
  /** The matcher and its arguments. */
  said: string
  pass: boolean
  /** What is the case, a line each. */
  findings: readonly string[]
}

/** The result of a matcher. Its message ends with the table of the ledger, what was not counted and what arrived. */
export const resultOf = (edge: SeenEdge, { said, pass, findings }: Claim): MatcherResult => ({
  pass,
  message: () =>
    [
      `expect(edge)${pass ? '.not' : ''}.${said}`,
      findings.join('\n'),
      `${edge.ledger}` || 'The emulator has no activities.',
      tableOfRefused(edge.ledger.entries),
      tableOfArrivals(edge.requests),
    ]
      .filter(Boolean)
      .join('\n\n'),
})

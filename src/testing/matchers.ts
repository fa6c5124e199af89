import { type AcknowledgedIds, toHaveAcknowledged } from './acknowledged.ts'
import { type AskedParameters, type AskedPlace, toHaveBeenAskedFor } from './asked.ts'
import { type CountedScope, type Counts, toHaveCounted } from './counted.ts'

/** The matchers as a test calls them. `Result` is what a matcher gives there: nothing, or a promise of it. */
export interface EdgeMatchers<Result = void> {
  /** Passes when the ledger shows exactly these figures: `expect(edge).toHaveCounted({ impressions: 1 }, { activity: 'Summer hero' })`. */
  toHaveCounted(counts: Counts, scope?: CountedScope): Result
  /** Passes when a request asked for this place, with at least these parameters: `expect(edge).toHaveBeenAskedFor('hero', { size: 4 })`. */
  toHaveBeenAskedFor(place: AskedPlace, parameters?: AskedParameters): Result
  /** Passes when Target has taken every one of these notifications; `.not` when it has taken none. */
  toHaveAcknowledged(ids: AcknowledgedIds): Result
}

/** What `expect.extend` takes, in vitest, Playwright and Jest. Each says in its message what the ledger shows and what arrived. */
export const edgeMatchers = {
  /** Whether the ledger shows exactly these figures. */
  toHaveCounted,
  /** Whether a request asked for this place. */
  toHaveBeenAskedFor,
  /** Whether Target has taken every one of these notifications. */
  toHaveAcknowledged,
}

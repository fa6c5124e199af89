/**
 * Matchers for `expect` that ask an emulator what Target would have counted. Nothing happens on import.
 * @module
 */

// What `expect.extend` takes, in vitest, Playwright and Jest
export type { AcknowledgedIds } from './testing/acknowledged.ts'
export type { AskedParameters, AskedPlace } from './testing/asked.ts'
export type { CountedScope, Counts } from './testing/counted.ts'
export { type EdgeMatchers, edgeMatchers } from './testing/matchers.ts'
export type { MatcherResult, SeenEdge } from './testing/seen.ts'

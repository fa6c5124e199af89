/**
 * A Target edge of one's own: for tests, demos and work without an account. Nothing happens on import.
 * @module
 */

// The edge itself: it is called as `fetch` is
export { createEmulator, type Emulator, type EmulatorEvent } from './emulator/emulator.ts'
// Types: breaking it on purpose, reaching it, and what it has counted
export type { Fault } from './emulator/fault.ts'
export type { MswHttp } from './emulator/handlers.ts'
export type { LedgerEntry, LedgerEvent, LedgerScope } from './emulator/happening.ts'
export type { Ledger, LedgerActivity } from './emulator/ledger.ts'
export type { Listening, ListenOptions } from './emulator/listen.ts'
// Types: what it offers, as a file that can be read
export type { OfferInput, Recommend } from './emulator/offer.ts'
export type {
  ActivityInput,
  Audience,
  EnvironmentInput,
  ExperienceInput,
  Offers,
  OffersFile,
} from './emulator/offers.ts'
export type { EdgeRequest, EmulatorOptions } from './emulator/options.ts'
export type { QaLink } from './emulator/qa.ts'
export type { ReportActivity, ReportExperience } from './emulator/report.ts'
export type { DomainOf, HostParts } from './emulator/rule/address.ts'
export type { Rule } from './emulator/rule/rule.ts'
export type { LedgerExperience } from './emulator/tally.ts'
// What a real edge said, recorded without secrets, and played again
export { createRecorder, type Recorder, type RecorderOptions } from './recording/recorder.ts'
export type { RecordedExchange, Recording } from './recording/recording.ts'
export { createReplay, type Replay, type ReplayEvent } from './recording/replay.ts'

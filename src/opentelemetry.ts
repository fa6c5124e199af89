/**
 * Spans of a client through `@opentelemetry/api`, which the program brings. Nothing happens on import.
 * @module
 */
export type { InstrumentOptions } from './opentelemetry/instrument.ts'
export { instrument } from './opentelemetry/instrument.ts'

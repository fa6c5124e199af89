import { createId } from '../platform/platform.ts'
import { createDecide, type DecideByRules } from './engine.ts'
import { createTracer } from './trace.ts'

/** The engine as it is: with ids of 32 random hex digits, and with traces for requests that ask for them. */
export const decide: DecideByRules = /* @__PURE__ */ createDecide({ createId, tracerOf: createTracer })

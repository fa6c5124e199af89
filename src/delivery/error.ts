/** What went wrong, as a stable word to branch on. */
export type TargetErrorCode =
  | 'INVALID_ARGUMENT'
  | 'HTTP_ERROR'
  | 'NETWORK_ERROR'
  | 'PARSE_ERROR'
  | 'TIMEOUT'
  | 'ABORTED'
  | 'NOT_READY'
  | 'CLOSED'
  | 'OPTED_OUT'
  | 'DISABLED'

/** The data that a {@link TargetError} carries; which members are set depends on its code. */
export interface TargetErrorDetails {
  /** HTTP status of the answer. */
  status?: number
  /** The `message` of Adobe's error body `{ status, message }`, or the beginning of a body that is no JSON. */
  serverMessage?: string
  /** Path of the offending field, such as `execute.mboxes.0.name`. */
  path?: string
  /** The limit that the field broke, as the wire contract states it. */
  limit?: unknown
  /** What was given instead. */
  received?: unknown
  /** `requestId` of the request that failed. */
  requestId?: string
  /** How many times the request was sent. */
  attempts?: number
  /** How long Target asked to be left alone, in ms: its `Retry-After` header (RFC 9110 section 10.2.3). */
  retryAfter?: number
  /** The error underneath, such as the `TypeError` of a failed `fetch`. */
  cause?: unknown
}

/** Every failure of this package. `code` is stable, `message` says what to do, the other members are the data. */
export class TargetError extends Error implements TargetErrorDetails {
  override readonly name = 'TargetError'
  readonly code: TargetErrorCode
  declare readonly status?: number
  declare readonly serverMessage?: string
  declare readonly path?: string
  declare readonly limit?: unknown
  declare readonly received?: unknown
  declare readonly requestId?: string
  declare readonly attempts?: number
  declare readonly retryAfter?: number

  /** An error with a code and a sentence that says what to do. */
  constructor(code: TargetErrorCode, message: string, details: TargetErrorDetails = {}) {
    super(message)
    this.code = code
    Object.assign(this, details)
  }
}

/** True for a {@link TargetError}, also for one made by a second copy of this package. */
export const isTargetError = (error: unknown): error is TargetError =>
  error instanceof Error && error.name === 'TargetError'

/** The error of an option or argument that cannot be used. */
export const invalid = (message: string, details?: TargetErrorDetails): TargetError =>
  new TargetError('INVALID_ARGUMENT', message, details)

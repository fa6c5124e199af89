/** The moment of a decision. */
export interface Moment {
  /** Epoch ms. */
  now: number
  /** Edge cluster that a new device id names. */
  targetLocationHint?: string | undefined
  /** For traces. */
  sessionId?: string | undefined
  /** For traces: where the artifact is from and how it is kept up to date. */
  origin?: object | undefined
}

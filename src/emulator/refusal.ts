/** What Target answers instead of a decision: an HTTP status and a message. */
export interface Refusal extends Error {
  status: number
  headers: Record<string, string>
}

/** The refusal to be thrown. */
export const refusal = (status: number, message: string, headers: Record<string, string> = {}): Refusal =>
  Object.assign(new Error(message), { status, headers })

/** True for a refusal, false for a defect of the emulator. */
export const isRefusal = (error: unknown): error is Refusal => error instanceof Error && 'status' in error

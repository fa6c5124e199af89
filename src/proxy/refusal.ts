/** Why a call is not handed on: the HTTP status of the answer and its message. */
export interface Refusal extends Error {
  status: number
  headers: Record<string, string>
}

/** The refusal to be thrown. */
export const refusal = (status: number, message: string, headers: Record<string, string> = {}): Refusal =>
  Object.assign(new Error(message), { name: 'Refusal', status, headers })

/** True for a refusal, false for whatever else was thrown. */
export const isRefusal = (error: unknown): error is Refusal => error instanceof Error && error.name === 'Refusal'

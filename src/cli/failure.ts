/** How a command ends. */
export const EXIT = { ok: 0, failed: 1, misused: 2 } as const
export type Exit = (typeof EXIT)[keyof typeof EXIT]

/** What each exit code means, as help and documentation say it. */
export const EXITS: readonly (readonly [code: Exit, meaning: string])[] = [
  [EXIT.ok, 'done: the device decides on all that was asked for, the artifact or the site has no problems'],
  [EXIT.failed, 'not done: a file cannot be had, it or the site has problems, or only the edge can decide'],
  [EXIT.misused, 'wrong usage: nothing was decided'],
]

/** An error that ends a command. Its message is one sentence that says what to do. */
export interface Failure extends Error {
  exit: Exit
}

const failure = (exit: Exit, message: string, cause?: unknown): Failure =>
  Object.assign(new Error(message, { cause }), { exit })

/** The command was well written and could not be done. */
export const failed = (message: string, cause?: unknown): Failure => failure(EXIT.failed, message, cause)

/** The command was not well written. */
export const misused = (message: string, cause?: unknown): Failure => failure(EXIT.misused, message, cause)

export const isFailure = (error: unknown): error is Failure => error instanceof Error && 'exit' in error

/** A sentence as a part of another one. */
export const inner = (sentence: string): string =>
  sentence.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase())

/** The message of an error with those underneath it: that a `fetch` failed says little, its cause says why. */
export const reasonOf = (error: unknown): string => {
  const messages: string[] = []
  for (let at: unknown = error; at instanceof Error && messages.length < 5; at = at.cause) {
    // Of several addresses of one host, each has its own error.
    const { message } = at instanceof AggregateError && !at.message ? (at.errors[0] as Error) : at
    // What `fetch` itself says adds nothing.
    const isIdle = message === 'fetch failed' && at.cause
    if (message && !isIdle && !messages.some((known) => known.includes(message))) messages.push(inner(message))
  }
  return messages.join(': ') || String(error)
}

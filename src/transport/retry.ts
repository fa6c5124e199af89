import type { Patience, Reply } from '../platform/platform.ts'
import { retryAfterOf } from './reply.ts'
import { abortOf } from './timeout.ts'

/** Answers that another attempt may better. 420 is Target's own: too many requests of one session at a time. */
export const RETRYABLE: readonly number[] = [
  408,
  420,
  425,
  429,
  ...Array.from({ length: 100 }, (_, index) => 500 + index),
]

/** Waits, and rejects as soon as the signal aborts. `ms` in milliseconds. */
const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    await Promise.race([
      abortOf(signal),
      new Promise((go) => {
        timer = setTimeout(go, ms)
      }),
    ])
  } finally {
    clearTimeout(timer)
  }
}

/** Repeats an attempt with a growing, jittered wait: 100 to 200 ms, then twice that, and so on. */
export const retry = async (attempt: () => Promise<Reply>, patience: Patience): Promise<Reply> => {
  const { retries, signal, statuses } = patience
  for (let tried = 0; ; tried++) {
    let wait: number | undefined
    try {
      const reply = await attempt()
      if (tried >= retries || !statuses.includes(reply.status)) return reply
      wait = retryAfterOf(reply)
    } catch (error) {
      if (tried >= retries || signal.aborted) throw error
    }
    await pause(wait ?? 2 ** tried * (100 + Math.random() * 100), signal)
  }
}

import { TargetError } from '../delivery/error.ts'

/** Rejects with the reason of a signal as soon as it aborts. */
export const abortOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop)
  })

/** The error of a call whose caller changed its mind. */
export const abortedBy = (signal: AbortSignal | undefined): TargetError =>
  new TargetError('ABORTED', 'Request aborted by its signal', { cause: signal?.reason })

/**
 * Gives work a signal that aborts after `timeout` ms or when the caller's signal does, and rejects at that moment even when the
 * work does not listen. Throws a {@link TargetError} `TIMEOUT` or `ABORTED`.
 */
export const withDeadline = async <Result>(
  timeout: number,
  caller: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const controller = new AbortController()
  const { signal } = controller
  const abort = () => controller.abort(abortedBy(caller))
  const timer = setTimeout(
    () => {
      controller.abort(
        new TargetError('TIMEOUT', `Request timed out after ${timeout} ms: raise \`timeout\` if it may take longer`),
      )
    },
    Math.min(timeout, 2 ** 31 - 1),
  )
  if (caller?.aborted) abort()
  else caller?.addEventListener('abort', abort)
  try {
    return await Promise.race([abortOf(signal), work(signal)])
  } finally {
    clearTimeout(timer)
    caller?.removeEventListener('abort', abort)
  }
}

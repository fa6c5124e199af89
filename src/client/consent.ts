import { TargetError } from '../delivery/error.ts'
import type { DropReason } from '../notification/accounts.ts'
import type { Consent } from '../platform/platform.ts'
import { abortedBy } from '../transport/timeout.ts'

/** Reports that are remembered while nobody has answered; older ones make room. */
const CAPACITY = 1_000

/** The error of a call for a visitor who does not agree. */
const optedOut = (): TargetError =>
  new TargetError('OPTED_OUT', 'The visitor has not agreed: show the default content, or call optIn() when they do')

/** A report that waits: it is sent, or dropped. */
interface Report {
  send(): void
  drop(reason: DropReason): void
}

/** Keeps what may not be done before a visitor agrees. */
export const createConsent = (initial: Consent) => {
  let state = initial
  const answered = new Set<() => void>()
  const reports: Report[] = []
  const settle = (answer: Consent): void => {
    state = answer
    const waiting = reports.splice(0)
    for (const { send, drop } of waiting) answer === 'in' ? send() : drop('consent')
    for (const go of [...answered]) go()
    answered.clear()
  }
  return {
    state: (): Consent => state,
    isIn: (): boolean => state === 'in',
    isOut: (): boolean => state === 'out',
    settle,
    /** Keeps a report until the visitor agrees. */
    keep(report: Report): void {
      reports.push(report)
      if (reports.length > CAPACITY) reports.shift()?.drop('overflow')
    },
    /** Resolves when the visitor agrees. Rejects with a {@link TargetError} `OPTED_OUT` when they do not, or as the signal does. */
    async wait(signal?: AbortSignal): Promise<void> {
      if (state === 'pending') {
        await new Promise<void>((go) => {
          answered.add(go)
          signal?.addEventListener('abort', () => go())
        })
      }
      if (signal?.aborted) throw abortedBy(signal)
      if (state === 'out') throw optedOut()
    },
  }
}

/** What a check found: `ok`, `note` for what may be meant, `problem`, or `skipped` where there was nothing to look at. */
export type Verdict = 'ok' | 'note' | 'problem' | 'skipped'

/** One check of a site. */
export interface Check {
  /** What was looked at, in a word or two. */
  about: string
  verdict: Verdict
  /** What was found, in one sentence. */
  text: string
  /** What to do. */
  advice?: string
}

const verdictOf =
  (verdict: Verdict) =>
  (about: string, text: string, advice?: string): Check => ({ about, verdict, text, ...(advice && { advice }) })

export const ok = verdictOf('ok')
export const noted = verdictOf('note')
export const problem = verdictOf('problem')
export const skipped = verdictOf('skipped')

const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/

/** A host of this machine: browsers trust it without TLS. */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host)

/** True for an IP address, which has no name to be looked up. */
export const isAddress = (host: string): boolean => /^(\d+(\.\d+){3}|\[.*\])$/.test(host)

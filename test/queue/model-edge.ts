import type { Reply } from '../../src/platform/platform.ts'
import type { Entry } from './ledger.ts'

/** What a call may come to, by status or by what happens to it. */
export const ANSWERS = [
  'all',
  'none',
  'some',
  'foreign',
  'reversed',
  'doubled',
  '503',
  '500',
  '429',
  '420',
  '400',
  '413',
  'unreachable',
  'hang',
  'malformed',
  'truncated',
] as const
export type AnswerKind = (typeof ANSWERS)[number]

/** What becomes of a call. */
export interface Answer {
  kind: AnswerKind
  /** Whether Target has counted all of it, where its answer does not say so. */
  isCounted: boolean
  /** ms until it comes. */
  after: number
  /** `Retry-After` in seconds; 0 sends none. */
  wait: number
}

/** The answer of an edge that is well. */
export const WELL: Answer = { kind: 'all', isCounted: true, after: 20, wait: 0 }

const SPEAKS_OF_EACH: readonly AnswerKind[] = ['all', 'none', 'some', 'foreign', 'reversed', 'doubled']

/** The ids that an answer names. */
export const namedBy = ({ kind }: Answer, ids: readonly string[]): readonly string[] => {
  if (kind === 'some') return ids.filter((_, index) => index % 2)
  if (kind === 'foreign') return ['foreign', ...ids.slice(1)]
  if (kind === 'reversed') return [...ids].reverse()
  if (kind === 'doubled') return [...ids, ...ids]
  return kind === 'all' ? ids : []
}

const replyOf = (status: number, text: string, wait = 0): Reply => ({
  status,
  text,
  headers: { get: (name) => (name === 'retry-after' && wait ? `${wait}` : null) },
})

/** An answer as it travels. */
export const replyTo = (answer: Answer, ids: readonly string[]): Reply => {
  const { kind, wait } = answer
  if (kind === 'truncated') return replyOf(200, '{"status":200,"notifications":[{"id":"n')
  if (kind === 'malformed') return replyOf(200, '<html>Welcome to the hotel</html>')
  if (SPEAKS_OF_EACH.includes(kind)) {
    return replyOf(200, JSON.stringify({ status: 200, notifications: namedBy(answer, ids).map((id) => ({ id })) }))
  }
  return replyOf(Number(kind), JSON.stringify({ status: Number(kind), message: kind }), wait)
}

/** Gives answers, in turn and over again, until the edge is well. What is poisoned is always refused. */
export const createModelEdge = (answers: readonly Answer[]) => {
  const state = { isWell: false }
  let calls = 0
  return {
    state,
    next(entries: readonly Entry[]): Answer {
      const given = (!state.isWell && answers[calls++ % answers.length]) || WELL
      const isRefused = entries.some(({ isPoison }) => isPoison)
      return isRefused ? { kind: '400', isCounted: false, after: given.after, wait: 0 } : given
    },
    /** What Target counts of a call. */
    counted(answer: Answer, entries: readonly Entry[]): readonly Entry[] {
      if (answer.isCounted) return entries
      const named = new Set(
        namedBy(
          answer,
          entries.map(({ id }) => id),
        ),
      )
      return entries.filter(({ id }) => named.has(id))
    },
  }
}

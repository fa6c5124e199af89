import { refusal } from './refusal.ts'

/** Callers that are kept in mind; the one that was silent longest makes room. */
const CALLERS = 10_000

/**
 * Counts calls by caller, each with a bucket that holds `limit` calls and fills up again within `interval` ms. Throws a refusal 429,
 * which says when there is room again, for a call that finds its bucket empty.
 */
export const createRate = (limit: number, interval: number, now: () => number) => {
  const buckets = new Map<string, { left: number; at: number }>()
  return (caller: string): void => {
    const at = now()
    const known = buckets.get(caller) ?? { left: limit, at }
    const left = Math.min(limit, known.left + (Math.max(0, at - known.at) * limit) / interval)
    buckets.delete(caller)
    if (buckets.size >= CALLERS) buckets.delete(buckets.keys().next().value as string)
    buckets.set(caller, { left: left < 1 ? left : left - 1, at })
    if (left >= 1) return
    const seconds = Math.ceil(((1 - left) * interval) / limit / 1000)
    throw refusal(429, 'Too many requests', { 'retry-after': `${seconds}` })
  }
}

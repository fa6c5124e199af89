import type { Logger } from '@openfeature/core'

/** Sentences that are remembered: there are few, unless visitors make up the names. */
const MOST = 1000

/** Tells each problem once; what no logger could hear waits for one. */
export const createTeller = () => {
  const told = new Set<string>()
  const waiting = new Set<string>()
  return (problems: readonly string[], logger?: Logger): void => {
    for (const problem of problems) if (!told.has(problem) && waiting.size < MOST) waiting.add(problem)
    if (!logger || !waiting.size) return
    if (told.size > MOST) told.clear()
    for (const problem of waiting) {
      told.add(problem)
      logger.warn(problem)
    }
    waiting.clear()
  }
}

/**
 * Runs at most `width` pieces of work of one key at a time, the others in order behind them. Target takes up to 100 calls of one
 * session at once and answers one after the other, so more in flight is no faster and may be refused with 420.
 */
export const createLanes = (width: number) => {
  const lanes = new Map<string, { running: number; waiting: (() => void)[] }>()
  return async <Result>(key: string, work: () => Promise<Result>): Promise<Result> => {
    const lane = lanes.get(key) ?? { running: 0, waiting: [] }
    lanes.set(key, lane)
    if (lane.running >= width) await new Promise<void>((go) => lane.waiting.push(go))
    else lane.running++
    try {
      return await work()
    } finally {
      const next = lane.waiting.shift()
      if (next) next()
      else if (!--lane.running) lanes.delete(key)
    }
  }
}

// Contenders take turns, so that a busy machine slows all of them alike. CPU time is what is compared, and the ratio is what counts.

/** Calls between two looks at the clock. */
const BATCH = { atOnce: 500, later: 50 }

export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]

/** CPU microseconds of this process, user and system, with its helper threads: what they collect and compile is part of the price. */
export const spent = (since) => {
  const { user, system } = process.cpuUsage(since)
  return user + system
}

const batchOf = async ({ work, isLater }, from) => {
  const end = from + (isLater ? BATCH.later : BATCH.atOnce)
  if (!isLater) {
    for (let call = from; call < end; call++) work(call)
    return end
  }
  for (let call = from; call < end; call++) await work(call)
  // What runs from timers gets its turn.
  await new Promise((resolve) => setImmediate(resolve))
  return end
}

/** As many calls as take about `slice` CPU microseconds, or `most`: how many, and what they took. */
const turnOf = async (contender, slice) => {
  const { begin, end, after, most = Infinity } = contender
  await begin?.()
  const before = process.cpuUsage()
  let calls = 0
  while (spent(before) < slice && calls < most) calls = await batchOf(contender, calls)
  await end?.()
  const cpu = spent(before)
  await after?.()
  return { cpu, calls }
}

/**
 * Runs contenders in turns. Each is `{ name, work }`: `work(call)` does call number `call`, and with `isLater` it is waited for.
 * `begin` comes before a turn and `after` when it is over, on nobody's account; `end` is its end, on the contender's own; `most`
 * limits the calls of a turn.
 * Gives rows with the median CPU microseconds a call, and `ratio`: how many times those of the first contender, round by round, so
 * that a slow moment of the machine does not count.
 */
export const takeTurns = async (contenders, { rounds, slice = 100_000, settle = 30_000, warmUp = 1_500_000 }) => {
  for (const contender of contenders) {
    for (let warmth = 0; warmth < warmUp; ) warmth += (await turnOf(contender, warmUp)).cpu
  }
  const samples = contenders.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [at, contender] of contenders.entries()) {
      // What the one before has left behind is not on the account of the next.
      globalThis.gc?.()
      if (settle) await turnOf(contender, settle)
      const { cpu, calls } = await turnOf(contender, slice)
      samples[at].push(cpu / calls)
    }
  }
  return contenders.map(({ name }, at) => ({
    name,
    cpu: median(samples[at]),
    ratio: median(samples[at].map((value, round) => value / samples[0][round])),
  }))
}

// Usage: forked with the name of a decider and the number of decisions; sends what they came to and what they left on the heap.
import { DECIDERS } from './deciders.mjs'

/** Looks at the heap. */
const SAMPLES = 40
/** Decisions between two rests: fewer than the notifications that a queue holds. */
const STRETCH = 5_000

const heapNow = () => {
  // What one collection makes unreachable, the next one takes.
  for (let turn = 0; turn < 3; turn++) globalThis.gc()
  return process.memoryUsage().heapUsed
}

const [name, count] = process.argv.slice(2)
const total = Number(count)
const { decide, rest } = await DECIDERS[name].start()

const arms = {}
const decideFrom = async (first, last) => {
  for (let visitor = first; visitor < last; visitor++) {
    const decided = decide(visitor)
    const arm = typeof decided === 'string' ? decided : await decided
    arms[arm] = (arms[arm] ?? 0) + 1
  }
  await rest()
}

const samples = []
let done = 0
for (let sample = 1; sample <= SAMPLES; sample++) {
  const until = Math.round((total * sample) / SAMPLES)
  while (done < until) {
    const last = Math.min(until, done + STRETCH)
    await decideFrom(done, last)
    done = last
  }
  samples.push({ decisions: done, heap: heapNow() })
}
process.send({ decisions: done, arms, samples }, () => process.exit())

import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for what may never come: a page that is left or dead does not answer. */
export const within = (promise, time) => Promise.race([promise.catch(() => {}), sleep(time)])

/** Runs one after the other what must not run side by side. */
export const createTurns = () => {
  let last = Promise.resolve()
  return (steps) => {
    const turn = last.then(steps)
    last = turn.catch(() => {})
    return turn
  }
}

/** How long a job may take, in ms: a page that dies at the wrong moment is never heard of again. */
const PATIENCE = 60_000

const limited = async (job, lane) => {
  const late = new AbortController()
  try {
    await Promise.race([
      job(lane),
      sleep(PATIENCE, undefined, { signal: late.signal }).then(() => Promise.reject(new Error('it took too long'))),
    ])
  } finally {
    late.abort()
  }
}

/** Runs the jobs in lanes side by side, each in whichever is free. A job that fails twice is none; gives why. */
export const inLanes = async (lanes, jobs) => {
  const failures = []
  const waiting = [...jobs]
  await Promise.all(
    lanes.map(async (lane) => {
      for (let job = waiting.shift(); job; job = waiting.shift()) {
        const once = job
        await limited(once, lane)
          .catch(() => limited(once, lane))
          .catch(({ message }) => failures.push(message))
      }
    }),
  )
  return failures
}

/** Runs the steps in a browser of their own. */
export const inBrowser = async (launch, steps) => {
  const browser = await launch()
  try {
    return await steps(browser)
  } finally {
    await browser.close()
  }
}

/** The middle one of some numbers. */
export const median = (numbers) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)]

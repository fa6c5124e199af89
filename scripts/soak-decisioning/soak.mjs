import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { DECIDERS } from './deciders.mjs'

const program = fileURLToPath(new URL('child.mjs', import.meta.url))

/**
 * Bytes that stay for each visitor: the slope of the line through the later half of the samples. In the earlier half, what is kept
 * of a limited number of visitors fills up.
 */
const perVisitorOf = (samples) => {
  const later = samples.slice(samples.length >> 1)
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
  const visitors = mean(later.map(({ decisions }) => decisions))
  const bytes = mean(later.map(({ heap }) => heap))
  const across = later.reduce((sum, { decisions }) => sum + (decisions - visitors) ** 2, 0)
  return later.reduce((sum, { decisions, heap }) => sum + (decisions - visitors) * (heap - bytes), 0) / across
}

const run = (name, count) =>
  new Promise((resolve, reject) => {
    const child = fork(program, [name, `${count}`], { execArgv: ['--expose-gc'] })
    child.once('message', resolve)
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)))
  })

/** Has decisions made, each for a visitor of its own, by one decider after the other; gives what each has left on the heap. */
export const soakDecisions = async ({ total, isChosen, say }) => {
  const rows = []
  for (const [name, { share, isOurs }] of Object.entries(DECIDERS).filter(([name]) => isChosen(name))) {
    const count = Math.round(total * share)
    say(`${name}: ${count.toLocaleString('en')} visitors`)
    const result = await run(name, count)
    rows.push({ name, isOurs, ...result, perVisitor: perVisitorOf(result.samples) })
  }
  return rows
}

import { grouped, short, tableOf } from '../bench-decisioning/table.mjs'
import { FRAMEWORKS } from './variants.mjs'

const rounds = ({ rows }) =>
  tableOf(
    ['', 'requests/s', 'of those without', 'p50, ms', 'p99, ms', 'CPU µs a request', 'calls to the edge a request'],
    rows.map(({ framework, name, perSecond, times, p50, p99, cpu, calls }) => [
      `${FRAMEWORKS[framework]}, ${name}`,
      grouped(perSecond),
      `${Math.round(times * 100)} %`,
      grouped(p50),
      grouped(p99),
      grouped(cpu),
      short(calls),
    ]),
  )

const steady = ({ rows }) =>
  tableOf(
    ['', 'answers/s', 'p50, ms', 'p99, ms'],
    rows.map(({ framework, name, steady: { perSecond, p50, p99 } }) => [
      `${FRAMEWORKS[framework]}, ${name}`,
      grouped(perSecond),
      grouped(p50),
      grouped(p99),
    ]),
  )

const megabytes = (bytes) => (bytes / 1e6).toFixed(1)

const memory = ({ memory: rows }) =>
  tableOf(
    ['', 'visitors', 'heap before, MB', 'half-way', 'after', 'bytes a visitor', 'RSS before, MB', 'half-way', 'after'],
    rows.map(({ name, samples }) => {
      const [, half, all] = samples
      return [
        name,
        grouped(all.visitors),
        ...samples.map(({ heap }) => megabytes(heap)),
        // Of the later half: what the earlier one made ready is not what a visitor leaves.
        grouped((all.heap - half.heap) / (all.visitors - half.visitors)),
        ...samples.map(({ rss }) => megabytes(rss)),
      ]
    }),
  )

const machine = ({ measured, node, cpu, cores, load, rounds: count, seconds, versions }) => {
  const [start, end] = [load.start, load.end].map((value) => value.toFixed(1))
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [
    `${measured}, Node.js ${node}, ${cpu}, ${cores} cores, load average ${start} at the start and ${end} at the end`,
    `${count} rounds of ${seconds} s`,
    packages.join(', '),
  ].join('; ')
}

/** Tables of the page, by their marks. */
export const tablesOf = (results) => ({
  rounds: rounds(results),
  steady: steady(results),
  memory: memory(results),
  machine: machine(results),
})

import { grouped, short, tableOf } from '../bench-decisioning/table.mjs'

const megabytes = (bytes) => short(bytes / 1e6)

const speed = ({ perSecond, p50, p99, longest, calls }) =>
  tableOf(
    ['', 'calls', 'calls/s', 'p50, ms', 'p99, ms', 'longest, ms'],
    [['isotarget edge', grouped(calls), grouped(perSecond), short(p50), short(p99), short(longest)]],
  )

const memory = ({ memory: { start, peak, end } }) =>
  tableOf(
    ['RSS, MB', 'at the start', 'at its peak', 'at the end'],
    [['isotarget edge', ...[start, peak, end].map(megabytes)]],
  )

const counts = ({ counted, differences }) =>
  tableOf(
    ['', ...Object.keys(counted)],
    [
      ['counted from the answers', ...Object.values(counted).map(grouped)],
      [
        'where the ledger differs',
        ...Object.keys(counted).map((name) => differences.filter(({ what }) => what === name).length),
      ],
    ],
  )

const machine = ({ measured, node, cpu, cores, load, activities, visitors }) =>
  `${measured}, Node.js ${node}, ${cpu}, ${cores} cores, load average ${load.start.toFixed(1)} at the start and ${load.end.toFixed(1)} at the end; ${grouped(activities)} activities, ${grouped(visitors)} visitors, 32 at once`

export const tablesOf = (result) => ({
  speed: speed(result),
  memory: memory(result),
  counts: counts(result),
  machine: machine(result),
})

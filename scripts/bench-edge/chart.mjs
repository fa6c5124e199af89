import { barsChart } from '../bench-decisioning/chart.mjs'
import { grouped } from '../bench-decisioning/table.mjs'

/** Where something grew with visitors, the later bars would be the longer ones. */
export const edgeChart = ({ parts, visitors }) =>
  barsChart({
    title: 'p99 of each tenth of the calls, in ms',
    how: [
      `${grouped(visitors)} visitors one after the other, 32 at once. Beside it the memory of the process at the end of the tenth.`,
    ],
    isLog: false,
    groups: [
      {
        bars: parts.map(({ calls, p99, memory }) => ({
          name: `to call ${grouped(calls)}`,
          value: p99,
          note: `${Math.round(memory / 1e6)} MB`,
          isOurs: true,
        })),
      },
    ],
  })

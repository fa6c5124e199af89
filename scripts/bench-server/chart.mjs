import { barsChart } from '../bench-decisioning/chart.mjs'
import { FRAMEWORKS } from './variants.mjs'

export const serverChart = ({ rows }) =>
  barsChart({
    title: 'Pages rendered in one second',
    how: [
      'One process of Node.js; each visitor comes once and is shown an offer of their own.',
      'Remote: the edge answers at once, from the same machine.',
    ],
    isLog: false,
    groups: Object.entries(FRAMEWORKS).map(([framework, title]) => ({
      title,
      bars: rows
        .filter((row) => row.framework === framework)
        .map(({ name, perSecond, p99, isOurs }) => ({
          name,
          value: perSecond,
          note: `p99 ${Math.round(p99)} ms`,
          isOurs,
        })),
    })),
  })

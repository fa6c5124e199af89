import { html, svg } from '../../dom/element.ts'
import { type EdgeOutcome, type EdgeRow, outcomeOf } from '../edge-row.ts'
import { count } from './number.ts'

/** Seconds that are shown. */
const SECONDS = 60
const HIGH = 64
const BAR = 10

type Second = Record<EdgeOutcome, number>

const KINDS = ['good', 'refused', 'broken'] as const

/** Counts calls by second, and draws the last minute. */
export const createTraffic = (into: Element) => {
  const seconds = new Map<number, Second>()
  const totals: Second = { good: 0, refused: 0, broken: 0 }

  const barsOf = (second: Second | undefined, x: number, scale: number): SVGElement[] => {
    let top = HIGH
    return KINDS.flatMap((kind) => {
      const height = ((second?.[kind] ?? 0) / scale) * HIGH
      top -= height
      return height ? [svg('rect', { class: kind, x, y: top, width: BAR - 2, height, rx: 1 })] : []
    })
  }

  const draw = (now = Math.floor(Date.now() / 1000)): void => {
    for (const second of seconds.keys()) if (second <= now - SECONDS) seconds.delete(second)
    const most = Math.max(1, ...[...seconds.values()].map(({ good, refused, broken }) => good + refused + broken))
    const bars = Array.from({ length: SECONDS }, (_, at) => barsOf(seconds.get(now - SECONDS + 1 + at), at * BAR, most))
    const all = totals.good + totals.refused + totals.broken
    into.replaceChildren(
      svg(
        'svg',
        {
          viewBox: `0 0 ${SECONDS * BAR} ${HIGH}`,
          preserveAspectRatio: 'none',
          role: 'img',
          'aria-label': 'Calls a second in the last minute',
        },
        svg('line', { class: 'ground', x1: 0, x2: SECONDS * BAR, y1: HIGH, y2: HIGH }),
        ...bars.flat(),
      ),
      html(
        'p',
        { class: 'legend' },
        html('b', {}, count(all)),
        ` ${all === 1 ? 'call' : 'calls'}`,
        totals.refused > 0 && html('span', { class: 'key refused' }, `${count(totals.refused)} refused`),
        totals.broken > 0 && html('span', { class: 'key broken' }, `${count(totals.broken)} broken`),
        html('span', { class: 'faint' }, `last minute, at most ${count(most)} a second`),
      ),
    )
  }

  return {
    add(row: EdgeRow): void {
      const second = Math.floor(row.at / 1000)
      const counted = seconds.get(second) ?? { good: 0, refused: 0, broken: 0 }
      counted[outcomeOf(row)]++
      totals[outcomeOf(row)]++
      seconds.set(second, counted)
    },
    /** What there was before the calls that are known. */
    start(before: Second): void {
      Object.assign(totals, before)
    },
    draw,
    clear(): void {
      seconds.clear()
      Object.assign(totals, { good: 0, refused: 0, broken: 0 })
    },
  }
}

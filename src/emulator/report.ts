import type { LedgerExperience, Tally } from './tally.ts'

/** An experience beside the first one of its activity, the control. */
export interface ReportExperience extends LedgerExperience {
  /** Visitors who reached the goal, each once. */
  reached: number
  /** Part of the visitors who reached the goal, 0 to 1; 0 without visitors. */
  rate: number
  /** Where the rate lies with 95 % confidence, by Wilson's score; from 0 to 1. */
  rateInterval: [low: number, high: number]
  /** How much larger the rate is than that of the control: 0.1 is a tenth more. Undefined for the control, and beside a rate of 0. */
  lift?: number
  /** Where the lift lies with 95 % confidence, by the logarithm of the ratio; undefined where a rate is 0. */
  liftInterval?: [low: number, high: number]
  /** How sure it is that the rates differ, 0 to 1, by a two-sided test of two proportions. */
  confidence?: number
}

/** An activity as its report says it. */
export interface ReportActivity {
  id: number
  name: string
  /** What the rates are about: conversions where the activity has some, else clicks. */
  goal: 'conversion' | 'click'
  experiences: ReportExperience[]
}

/** Standard errors to each side of 95 %. */
const Z = 1.959964

/** The chance that a normal variable lies within `z` of its mean (Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26). */
const within = (z: number): number => {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * x)
  const sum = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592].reduce((sum, a) => (sum + a) * t, 0)
  return 1 - sum * Math.exp(-x * x)
}

/** How many of how many. */
interface Share {
  reached: number
  visitors: number
}

const rateOf = ({ reached, visitors }: Share): number => (visitors ? reached / visitors : 0)

/** Wilson's score interval, which holds for few visitors too. */
const rateInterval = (share: Share): [number, number] => {
  const { visitors } = share
  if (!visitors) return [0, 1]
  const rate = rateOf(share)
  const square = Z ** 2 / visitors
  const middle = (rate + square / 2) / (1 + square)
  const half = (Z * Math.sqrt((rate * (1 - rate) + square / 4) / visitors)) / (1 + square)
  return [Math.max(0, middle - half), Math.min(1, middle + half)]
}

/** How sure it is that two rates differ; undefined where there is nothing to compare. */
const confidence = (one: Share, other: Share): number | undefined => {
  if (!one.visitors || !other.visitors) return undefined
  const pooled = (one.reached + other.reached) / (one.visitors + other.visitors)
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / one.visitors + 1 / other.visitors))
  return error ? within((rateOf(one) - rateOf(other)) / error) : 0
}

const liftInterval = (one: Share, control: Share): [number, number] => {
  const ratio = rateOf(one) / rateOf(control)
  const error = Math.sqrt(1 / one.reached - 1 / one.visitors + 1 / control.reached - 1 / control.visitors)
  return [ratio * Math.exp(-Z * error) - 1, ratio * Math.exp(Z * error) - 1]
}

/** What an experience achieves beside the control. */
const compare = (one: Share, control: Share | undefined) => {
  const rate = rateOf(one)
  const own = { reached: one.reached, rate, rateInterval: rateInterval(one) }
  if (!control) return own
  const sure = confidence(one, control)
  const base = rateOf(control)
  return {
    ...own,
    ...(base > 0 && one.visitors > 0 && { lift: rate / base - 1 }),
    ...(base > 0 && rate > 0 && { liftInterval: liftInterval(one, control) }),
    ...(sure !== undefined && { confidence: sure }),
  }
}

/** An activity as far as a report looks at it. */
interface Reported {
  id: number
  name: string
  conversions: readonly string[] | true
}

/** Makes the report of one activity from a row for each experience; the first is the control. */
export const reportOf = (
  { id, name, conversions }: Reported,
  rows: readonly (Tally & { name: string })[],
): ReportActivity => {
  const goal = conversions === true || conversions.length ? 'conversion' : 'click'
  const shares = rows.map(({ visitors, converters, clickers }) => ({
    visitors,
    reached: goal === 'click' ? clickers : converters,
  }))
  const experiences = rows.map(({ converters: _, clickers: __, ...row }, at) => ({
    ...row,
    ...compare(shares[at] ?? { visitors: 0, reached: 0 }, at ? shares[0] : undefined),
  }))
  return { id, name, goal, experiences }
}

import type { Metric } from '../delivery/metric.ts'
import type { Rule } from './artifact.ts'
import { type Content, contentOf, copierOf } from './content.ts'
import { ruleTokens, type Tokens } from './response-tokens.ts'

/** An option, prepared: what is the same for all visitors, and a maker of what is not. */
interface PreparedOption {
  fields: object
  content: Content | undefined
  /** Counts a display that is reported. */
  eventToken: string | undefined
}

/** Makes the metrics of one answer; undefined when there are none. */
type Copies = (() => Metric[]) | undefined

/** What a rule has to show, prepared. */
export interface Offer {
  name: string
  options: readonly PreparedOption[]
  /** Count a display that takes place at once. */
  displayTokens: readonly string[]
  metrics: Copies
  clicks: Copies
  /** Members that are handed on as they are. */
  rest: (() => object) | undefined
  tokens: Tokens
}

/** Prepares what a rule has to show; `wanted` are the response tokens that the account asks for. Throws for what holds itself. */
export const offerOf = ({ consequence, meta }: Rule, wanted: readonly string[]): Offer => {
  const { name = '', options = [], metrics, ...rest } = consequence
  const displayTokens = new Set<string>()
  const clicks = metrics?.filter(({ type }) => type === 'click')
  return {
    name,
    options: options.map(({ content, eventToken, ...fields }, at) => {
      if (eventToken !== undefined) displayTokens.add(eventToken)
      const metric = metrics?.[at]
      return {
        fields,
        content: content === undefined ? undefined : contentOf(fields.type, content, meta),
        eventToken: eventToken ?? (metric?.type === 'display' ? metric.eventToken : undefined),
      }
    }),
    displayTokens: [...displayTokens],
    metrics: metrics && (copierOf(metrics) as Copies),
    clicks: clicks?.length ? copierOf(clicks) : undefined,
    rest: Object.keys(rest).length ? copierOf(rest) : undefined,
    tokens: ruleTokens(wanted, meta),
  }
}

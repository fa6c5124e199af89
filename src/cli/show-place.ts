import type { RuleExplanation } from '../decisioning/explain.ts'
import type { Option } from '../delivery/offer.ts'
import { count, cut, plain, wrapped } from './layout.ts'
import type { Place } from './places.ts'
import type { Terminal } from './terminal.ts'
import { ruleName } from './told.ts'

/** Rules that failed, as many as can be taken in; `artifact explain` has them all. */
const REASONS = 5

/** Title of a place, and how it was asked for. */
export const titleOf = ({ place, mode }: Place, { paint }: Terminal): string =>
  `${paint.strong(plain(place))} ${paint.faint(mode)}`

/** Says what only the edge knows; undefined where the device knows all. */
export const remoteOf = ({ isRemote, rules }: Place): string | undefined => {
  if (!isRemote) return undefined
  return rules.length
    ? 'The edge decides: it has activities here that the artifact does not hold. By the rules of the artifact alone:'
    : 'The edge decides: the artifact holds no rules for this place.'
}

const contentOf = ({ type, content }: Option): string => {
  if (type === undefined && content === undefined) return 'default content'
  if (!Array.isArray(content)) return plain(content ?? '')
  return content
    .map(({ type, selector, content }) => [type, selector, content].filter(Boolean).map(plain).join(' '))
    .join('; ')
}

const tokens = ({ responseTokens = {} }: Option) => {
  const about = (group: string) => ({ id: responseTokens[`${group}.id`], name: responseTokens[`${group}.name`] })
  return { activity: about('activity'), experience: about('experience') }
}

const optionLines = (option: Option, { paint, width }: Terminal): string[] => {
  const offer = plain(option.responseTokens?.['offer.name'] ?? '')
  const type = option.type ? `${plain(option.type)} ` : ''
  const source = [ruleName(tokens(option)), offer && `offer ${offer}`].filter(Boolean).join(', ')
  return [
    `  ${paint.good('✓')} ${paint.name(type)}${cut(contentOf(option), width - type.length - 4)}`,
    `    ${paint.faint(cut(source, width - 4))}`,
  ]
}

const reasonLines = (rules: readonly RuleExplanation[], { paint, width }: Terminal): string[] => {
  const lines = rules
    .slice(0, REASONS)
    .flatMap((rule) => [
      `    ${wrapped(ruleName(rule), width - 4, '    ')}`,
      `      ${paint.faint(wrapped(plain(rule.reason), width - 6, '      '))}`,
    ])
  const more = rules.length - REASONS
  return more > 0 ? [...lines, `    ${paint.faint(`and ${count(more)} more: see artifact explain`)}`] : lines
}

/** What a place shows, and where it comes from; or why it shows nothing. */
const answerLines = ({ options, rules }: Place, terminal: Terminal): string[] => {
  const { paint, width } = terminal
  const none = (why: string) => `  ${paint.odd('–')} ${wrapped(`default content: ${why}`, width - 4, '    ')}`
  if (options.length) return options.flatMap((option) => optionLines(option, terminal))
  const matches = rules.filter(({ outcome }) => outcome === 'matches')
  if (matches.length) {
    return [
      `  ${paint.good('✓')} default content`,
      ...matches.map((rule) => `    ${paint.faint(wrapped(ruleName(rule), width - 4, '    '))}`),
    ]
  }
  if (!rules.length) return [none('no activity is here')]
  const all = rules.length === 1 ? 'the one rule here does not match' : `none of ${count(rules.length, 'rule')} matches`
  return [none(all), ...reasonLines(rules, terminal)]
}

/** A place for people: what is shown, by which activity and experience, or why nothing is. */
export const showPlace = (place: Place, terminal: Terminal): string => {
  const { paint, width } = terminal
  const remote = remoteOf(place)
  const lines = [titleOf(place, terminal)]
  if (remote) lines.push(`  ${paint.odd('→')} ${wrapped(remote, width - 4, '    ')}`)
  if (!remote || place.rules.length) lines.push(...answerLines(place, terminal))
  return lines.join('\n')
}

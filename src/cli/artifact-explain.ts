import type { RuleExplanation } from '../decisioning/explain.ts'
import { command } from './command.ts'
import { EXIT } from './failure.ts'
import { headOf } from './head.ts'
import { json, plain, wrapped } from './layout.ts'
import { type Place, placesOf } from './places.ts'
import { decisionFlags, prepare } from './prepare.ts'
import { remoteOf, titleOf } from './show-place.ts'
import type { Terminal } from './terminal.ts'
import { ruleName } from './told.ts'

const MARKS = {
  matches: ['✓', 'good'],
  fails: ['✗', 'bad'],
  skipped: ['–', 'faint'],
  invalid: ['!', 'odd'],
} as const

const ruleLines = (rule: RuleExplanation, { paint, width }: Terminal): string[] => {
  const { outcome, path, comparisons, reason } = rule
  const [mark, look] = MARKS[outcome]
  const said = comparisons.map(({ text, holds }) => [paint[holds ? 'good' : 'bad'](holds ? '✓' : '✗'), text] as const)
  const told = said.length ? said : [['', reason] as const]
  return [
    `  ${wrapped(`${paint[look](`${mark} ${outcome.padEnd(7)}`)} ${ruleName(rule)}  ${paint.faint(plain(path))}`, width - 2, '    ')}`,
    ...told.map(([sign, text]) => `    ${[sign, wrapped(plain(text), width - 6, '      ')].filter(Boolean).join(' ')}`),
  ]
}

const showExplanation = (place: Place, terminal: Terminal): string => {
  const { paint, width } = terminal
  const remote = place.rules.length ? remoteOf(place) : undefined
  return [
    titleOf(place, terminal),
    `  ${wrapped(plain(place.outcome), width - 2, '  ')}`,
    ...(remote ? [`  ${paint.odd('→')} ${wrapped(remote, width - 4, '    ')}`] : []),
    ...place.rules.flatMap((rule) => ruleLines(rule, terminal)),
  ].join('\n')
}

/** Says of every rule of a place what was compared, and what failed. */
export const artifactExplain = command({
  name: 'artifact explain',
  summary: 'Say rule by rule what was compared, and what failed',
  description:
    'Goes through the rules of each place in the order of their priority. The first that matches is shown, in a view and for the page load the first of each activity and location.',
  takes: '<file|url|->',
  flags: decisionFlags,
  examples: [
    [
      'Why does this visitor see that?',
      'isotarget artifact explain rules.json --mbox home --tnt-id 338e3c1e51f7416a8e1ccba4f81acea0',
    ],
    [
      'The same page, as the client of a page would see it',
      'isotarget artifact explain rules.json --page-load --url https://www.shop.example/sale --as browser',
    ],
    ['From a pipe, as JSON', 'cat rules.json | isotarget artifact explain - --mbox home --json'],
  ],
  async run({ given, words, terminal }) {
    const prepared = await prepare(given, words, terminal)
    const { ruleset, request, now } = prepared
    const places = placesOf(ruleset, request, now)
    if (given.json) {
      const explained = places.map(({ options: _, trace: __, ...place }) => place)
      terminal.out(json({ id: request.id, places: explained }))
    } else {
      terminal.out(headOf(prepared, terminal))
      for (const place of places) terminal.out(`\n${showExplanation(place, terminal)}`)
    }
    return places.some(({ isRemote }) => isRemote) ? EXIT.failed : EXIT.ok
  },
})

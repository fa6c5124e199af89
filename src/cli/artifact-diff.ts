import { artifactFlags, openArtifact } from './artifact.ts'
import { command } from './command.ts'
import { type Difference, differencesOf } from './differences.ts'
import { EXIT, failed, inner, misused } from './failure.ts'
import { count, json, plain } from './layout.ts'
import type { Terminal } from './terminal.ts'

const { 'organization-id': organizationId, timeout } = artifactFlags

const MARKS = { added: '+', removed: '−', changed: '~' } as const
const LOOKS = { added: 'good', removed: 'bad', changed: 'odd' } as const

const show = ({ change, what, name, how = [] }: Difference, { paint }: Terminal): string =>
  [
    `${paint[LOOKS[change]](`${MARKS[change]} ${plain(what)}`)}${name ? ` ${plain(name)}` : ''}`,
    ...how.map((words) => `    ${plain(words)}`),
  ].join('\n')

/** Says in what two artifacts differ. */
export const artifactDiff = command({
  name: 'artifact diff',
  summary: 'Say in what two artifacts differ',
  description:
    'Compares two artifacts by activities and places: who gets an experience, what is shown, who decides. Event tokens and the time of publication are passed over. The exit code is 1 when they differ.',
  takes: '<before> <after>',
  flags: { 'organization-id': organizationId, timeout },
  examples: [
    ['What a publication has changed', 'isotarget artifact diff rules.json rules-new.json'],
    [
      'A file and the obfuscated form of it',
      'isotarget artifact diff rules.json rules.bin --organization-id ABC@AdobeOrg',
    ],
    ['For a program', 'isotarget artifact diff rules.json rules-new.json --json'],
  ],
  async run({ given, words, terminal }) {
    const [before, after] = words
    if (before === undefined || after === undefined) {
      throw misused('isotarget artifact diff compares two artifacts: isotarget artifact diff before.json after.json')
    }
    if (before === '-' && after === '-') throw misused('Only one artifact can come from the standard input')
    const [one, other] = [await openArtifact(before, given, terminal), await openArtifact(after, given, terminal)]
    let differences: Difference[]
    try {
      differences = differencesOf(one.json, other.json)
    } catch (error) {
      throw failed(`One of them is no artifact that can be used: ${inner((error as Error).message)}`, error)
    }
    if (given.json) terminal.out(json({ differences }))
    else if (differences.length) {
      terminal.out(`${differences.map((difference) => show(difference, terminal)).join('\n')}\n`)
      terminal.out(terminal.paint.strong(count(differences.length, 'difference')))
    } else terminal.out(`${terminal.paint.good('✓')} No differences`)
    return differences.length ? EXIT.failed : EXIT.ok
  },
})

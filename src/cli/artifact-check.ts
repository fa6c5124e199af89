import type { Problem } from '../decisioning/problems.ts'
import { artifactFlags, artifactPlace, openArtifact } from './artifact.ts'
import { command } from './command.ts'
import { EXIT } from './failure.ts'
import { type Findings, findingsIn } from './findings.ts'
import { count, json, plain, wrapped } from './layout.ts'
import { showSummary } from './show-summary.ts'
import type { Terminal } from './terminal.ts'

const listed = (findings: readonly Problem[], mark: string, { width }: Terminal): string[] =>
  findings.map(({ path, message }) => `${mark} ${wrapped(plain(`${path}: ${message}`), width - 2, '  ')}`)

const show = ({ summary, problems, notes }: Findings, opened: { from: string; bytes: number }, terminal: Terminal) => {
  const { out, paint } = terminal
  const verdict = problems.length
    ? [paint.strong(count(problems.length, 'problem')), ...listed(problems, paint.bad('✗'), terminal)]
    : [`${paint.good('✓')} No problems`]
  if (summary) out(`${showSummary(summary, opened, terminal)}\n`)
  out([...listed(notes, paint.odd('!'), terminal), ...verdict].join('\n'))
}

/** Says what an artifact holds, and what is wrong with it. */
export const artifactCheck = command({
  name: 'artifact check',
  summary: 'Say what an artifact holds, and what is wrong with it',
  description:
    'Reads an artifact as a client would, and goes through each of its rules. A rule with a problem never matches, and spoils no other. The exit code is 1 when there are problems.',
  takes: '<file|url|->',
  flags: artifactFlags,
  examples: [
    ['Is a file in order?', 'isotarget artifact check rules.json'],
    ['The rules that an account has published', 'isotarget artifact check --client acme --environment staging'],
    ['An address', 'isotarget artifact check https://assets.adobetarget.com/acme/production/v1/rules.json'],
    ['The obfuscated form', 'isotarget artifact check rules.bin --organization-id ABC@AdobeOrg'],
    ['From a pipe, as JSON', 'cat rules.json | isotarget artifact check - --json'],
  ],
  async run({ given, words, terminal }) {
    const opened = await openArtifact(artifactPlace(given, words[0]), given, terminal)
    const { summary, problems, notes } = findingsIn(opened.json, opened.bytes)
    if (given.json) {
      const { from, bytes } = opened
      terminal.out(json({ artifact: { from, bytes, ...summary }, problems, notes }))
    } else show({ summary, problems, notes }, opened, terminal)
    return problems.length ? EXIT.failed : EXIT.ok
  },
})

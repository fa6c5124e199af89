import { bytes, count, cut, plain, table } from './layout.ts'
import type { Decider, Summary } from './summary.ts'
import type { Terminal } from './terminal.ts'

/** Lines of a list; `--json` has all. */
const MOST = 20

const DECIDERS: Readonly<Record<Decider, string>> = {
  device: 'device decides',
  both: 'edge decides: rules are missing',
  edge: 'edge decides',
}

const said = (value: unknown): string => (value === undefined || value === null ? '' : plain(value))

/** A list under a title, as much of it as can be taken in. */
const section = (title: string, rows: string[][], { paint }: Terminal): string[] => {
  if (!rows.length) return []
  const more = rows.length - MOST
  const rest = more > 0 ? [`  ${paint.faint(`and ${count(more)} more: --json has them all`)}`] : []
  return ['', paint.strong(`${title} (${count(rows.length)})`), table(rows.slice(0, MOST), '  '), ...rest]
}

const placeRows = (places: Summary['mboxes'], { paint, width }: Terminal): string[][] => {
  // Accounts name every mbox that they have ever had: what has no rules comes last.
  const ordered = [...places].sort((one, other) => Number(!one.rules) - Number(!other.rules))
  return ordered.map(({ name, rules, decidedBy }) => [
    cut(plain(name), width - 48),
    count(rules, 'rule'),
    paint[decidedBy === 'device' ? 'good' : 'odd'](DECIDERS[decidedBy]),
  ])
}

const activityRows = ({ activities }: Summary, { paint, width }: Terminal): string[][] => {
  /** Columns beside id, type and numbers. The places of an activity are the first that there is no room for. */
  const room = Math.max(12, width - 56)
  const name = Math.min(40, room > 40 ? room - 20 : room)
  return activities.map((activity) => [
    paint.name(said(activity.id)),
    cut(said(activity.name), name),
    said(activity.type),
    count(activity.experiences, 'experience'),
    count(activity.rules, 'rule'),
    ...(room > 40 ? [paint.faint(cut(activity.places.map(plain).join(', '), room - name))] : []),
  ])
}

/** What an artifact is and holds, for people. */
export const showSummary = (
  summary: Summary,
  { from, bytes: size }: { from: string; bytes: number },
  terminal: Terminal,
): string => {
  const { paint } = terminal
  const { mboxes, views, activities, rules, propertyTokens } = summary
  const rows: [string, string][] = [
    ['artifact', `${from}, ${bytes(size)}`],
    ['version', said(summary.version)],
    ['generated', said(summary.generatedAt)],
    ['account', [said(summary.client), said(summary.environment)].filter(Boolean).join(', ')],
    ['rules', `${count(rules)} of ${count(activities.length, 'activity', 'activities')}`],
    ['place', summary.geoTargetingEnabled ? "looked up by the visitor's address" : 'not looked up'],
    ['properties', propertyTokens.map(plain).join(', ') || 'no rule names any'],
    ['response tokens', summary.responseTokens.map(plain).join(', ') || 'none'],
  ]
  const facts = rows
    .filter(([, text]) => text)
    .map(([name, text]) => [paint.faint(name), cut(text, terminal.width - 17)])
  return [
    table(facts),
    ...section('Mboxes', placeRows(mboxes, terminal), terminal),
    ...section('Views', placeRows(views, terminal), terminal),
    ...section('Activities', activityRows(summary, terminal), terminal),
  ].join('\n')
}

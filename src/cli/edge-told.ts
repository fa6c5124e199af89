import type { Emulator } from '../emulator/emulator.ts'
import type { EdgeRow } from './edge-row.ts'
import { count, cut, plain } from './layout.ts'
import type { Terminal } from './terminal.ts'

interface Opening {
  url: string
  file: string
  client: string | undefined
  edge: Emulator
  /** Address of the page that QA links open. */
  site: string
}

/** QA links that are said at most; the page has them all. */
const LINKS = 8

/** A line for every QA link. */
const linksOf = (edge: Emulator, site: string, { paint }: Terminal): string[] => {
  const links = edge.qaLinks()
  const names = new Map(edge.ledger.activities().map(({ id, name }) => [id, name]))
  const lines = links
    .slice(0, LINKS)
    .map(
      ({ activity, experience, query }) =>
        `qa      ${site}${query}   ${paint.faint(plain(`${names.get(activity)}, ${experience}`))}`,
    )
  const left = links.length - lines.length
  return left > 0 ? [...lines, paint.faint(`        and ${count(left, 'more link', 'more links')} on the page`)] : lines
}

/** What is said when an edge is open: where it is, and how a client finds it. */
export const openingOf = ({ url, file, client = 'acme', edge, site }: Opening, terminal: Terminal): string => {
  const { paint } = terminal
  const activities = count(edge.ledger.activities().length, 'activity', 'activities')
  const { host } = new URL(url)
  return [
    `${paint.strong('edge')}    ${paint.name(url)}   ${activities} of ${plain(file)}`,
    `page    ${paint.name(`${url}/`)}`,
    `rules   ${url}/${client}/production/v1/rules.json`,
    `client  TargetClient.create({ client: '${plain(client)}', organizationId: 'ABC@AdobeOrg', serverDomain: '${host}', secure: false })`,
    ...linksOf(edge, site, terminal),
    paint.faint('Ctrl-C ends it and prints what was counted'),
    '',
  ].join('\n')
}

const timeOf = (at: number): string => new Date(at).toTimeString().slice(0, 8)

/** A call as one line. */
export const lineOf = (row: EdgeRow, { paint, width }: Terminal): string => {
  const { at, status, message, warnings, way, page, asked, reported, counted } = row
  const isGood = status !== undefined && status < 400
  const said = plain(
    [asked.join(', '), reported.join(', '), way === 'rules' ? '' : page].filter(Boolean).join(' · ') || page,
  )
  const start = `${timeOf(at)} ${status ?? '—  '} ${way.padEnd(7)} `
  const end = [...counted, ...(message ? [message] : []), ...warnings].map(plain).join(' ')
  const line = `${paint.faint(timeOf(at))} ${(isGood ? paint.good : paint.bad)(`${status ?? '—  '}`)} ${paint.name(way.padEnd(7))} ${cut(said, Math.max(20, width - start.length))}`
  return end ? `${line} ${isGood ? paint.strong(end) : paint.bad(end)}` : line
}

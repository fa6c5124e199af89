import { count, cut, plain, table } from './layout.ts'
import type { Prepared } from './prepare.ts'
import type { Terminal } from './terminal.ts'

/** Rules of all places. */
export const rulesIn = (lists: unknown): number =>
  Object.values(Object(lists)).reduce<number>((sum, rules) => sum + (Array.isArray(rules) ? rules.length : 0), 0)

/** What may be missing though it decides: a word on it. */
const lacks = ({ ruleset, request }: Prepared): [name: string, text: string][] => {
  const { ipAddress, ...place } = request.context.geo ?? {}
  const isLost = ipAddress && !Object.keys(place).length && ruleset.artifact.geoTargetingEnabled
  return [
    ...(ruleset.client
      ? []
      : [['client', 'not named by the artifact: give --client, experiences depend on it'] as const]),
    ...(isLost ? [['place', `not looked up for ${plain(ipAddress)}: give --geo`] as const] : []),
  ].map(([name, text]) => [name, text])
}

/** What was asked, by whom and when: above all answers. */
export const headOf = (prepared: Prepared, { paint, width }: Terminal): string => {
  const { ruleset, request, isNew, now, opened } = prepared
  const { artifact, client } = ruleset
  const { context, id = {}, property } = request
  const { url } = context.address ?? {}
  const rules = count(rulesIn(artifact.rules.mboxes) + rulesIn(artifact.rules.views), 'rule')
  const ids = [
    ['ECID', id.marketingCloudVisitorId],
    ['tntId', id.tntId],
    ['third-party id', id.thirdPartyId],
  ].flatMap(([name, value]) => (value ? [`${name} ${plain(value)}`] : []))
  const rows: [string, string][] = [
    ['artifact', [opened.from, rules, client && `client ${plain(client)}`].filter(Boolean).join(', ')],
    ['visitor', `${ids.join(', ') || 'customer id'}${isNew ? ', made up: give it with --tnt-id to be the same' : ''}`],
    ...(url ? [['page', plain(url)] as [string, string]] : []),
    ...(property ? [['property', plain(property.token)] as [string, string]] : []),
    ['time', new Date(now).toISOString()],
    ...lacks(prepared),
  ]
  return table(rows.map(([name, text]) => [paint.faint(name), cut(text, width - 12)]))
}

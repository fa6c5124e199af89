import { type Check, noted, ok, problem, skipped } from './doctor-check.ts'
import { allowsAddress, allowsInline, allowsScript, governing, type Policy } from './doctor-policy.ts'
import type { Site } from './doctor-site.ts'
import { plain } from './layout.ts'

const said = (name: string, sources: readonly string[]): string => plain(`${name} ${sources.join(' ')}`)

/** The first directive that forbids something, in words. */
const forbidding = (
  { policies }: Site,
  directive: string,
  allows: (sources: readonly string[]) => boolean,
): string | undefined => {
  for (const policy of policies) {
    const rule = governing(policy, directive)
    if (rule && !allows(rule.sources)) return said(rule.name, rule.sources)
  }
  return undefined
}

const checkConnect = (site: Site, edge: string | undefined): Check => {
  const about = 'CSP: edge'
  if (edge === undefined) return skipped(about, 'The edge is not known: give --client.')
  const { origin } = new URL(edge)
  const forbidden = forbidding(site, 'connect-src', (sources) => allowsAddress(sources, edge, site.url.href))
  return forbidden
    ? problem(
        about,
        `The policy lets no page call ${origin}: ${forbidden}.`,
        `Add ${origin} to connect-src${edge.includes('.tt.omtrdc.net') ? ', or https://*.tt.omtrdc.net, as visitors are sent to clusters' : ''}.`,
      )
    : ok(about, `The policy lets the page call ${origin}.`)
}

const checkClusters = (site: Site, edge: string): Check[] => {
  if (!edge.includes('.tt.omtrdc.net')) return []
  const cluster = 'https://mboxedge35.tt.omtrdc.net/rest/v1/delivery'
  const isBarred = forbidding(site, 'connect-src', (sources) => allowsAddress(sources, cluster, site.url.href))
  return isBarred
    ? [
        problem(
          'CSP: clusters',
          `Visitors are sent to clusters such as mboxedge35.tt.omtrdc.net, and the policy bars them: ${isBarred}.`,
          'Add https://*.tt.omtrdc.net to connect-src.',
        ),
      ]
    : []
}

const checkScript = (site: Site): Check => {
  const about = 'CSP: script'
  const [found] = site.libraries
  if (!found) return skipped(about, 'There is no library in the page whose script could be looked at.')
  const { attributes, text } = found.element
  const { nonce, src, integrity } = attributes
  const page = site.url.href
  const isBroken = src !== undefined && !URL.canParse(src, page)
  if (isBroken) return problem(about, `The address of the script, ${plain(src)}, is none.`, 'Look at its src.')
  const forbidden = forbidding(site, 'script-src-elem', (sources) =>
    src === undefined
      ? allowsInline(sources, { nonce, text })
      : allowsScript(sources, { nonce, integrity, address: new URL(src, page).href, page }),
  )
  return forbidden
    ? problem(
        about,
        `The policy bars the script of ${found.library}: ${forbidden}.`,
        'Give the script the nonce of the policy, or add its address to script-src.',
      )
    : ok(about, `The policy lets the script of ${found.library} run.`)
}

const checkStyle = (site: Site): Check => {
  const about = 'CSP: hiding'
  const { prehiding } = site
  if (!prehiding) return skipped(about, 'There is no snippet that hides.')
  const { name, attributes, text } = prehiding
  const directive = name === 'style' ? 'style-src-elem' : 'script-src-elem'
  const forbidden = forbidding(site, directive, (sources) => allowsInline(sources, { nonce: attributes.nonce, text }))
  return forbidden
    ? problem(
        about,
        `The policy bars the snippet that hides: ${forbidden}.`,
        `Give the ${name} element a nonce, or add its hash: without it the page flickers, and nothing says so.`,
      )
    : ok(about, 'The policy lets the snippet hide.')
}

/** Whether a policy for Trusted Types lets a library make its own policy (Trusted Types, section 4.1). */
const barsOurPolicy = (policy: Policy): string | undefined => {
  const names = policy.get('trusted-types')
  if (!names || names.includes('*') || names.includes('isotarget')) return undefined
  return said('trusted-types', names)
}

const checkTrustedTypes = ({ policies, libraries }: Site): Check => {
  const about = 'CSP: types'
  const isAsked = policies.some((policy) =>
    policy.get('require-trusted-types-for')?.some((sink) => /script/.test(sink)),
  )
  if (!isAsked) return ok(about, 'The policy asks for no Trusted Types.')
  const [found] = libraries
  if (found && found.library !== 'isotarget')
    return problem(
      about,
      `The policy asks for Trusted Types, which ${found.library} does not know.`,
      'Use isotarget, or leave require-trusted-types-for out on pages with offers.',
    )
  const barred = policies.map(barsOurPolicy).find(Boolean)
  return barred
    ? problem(
        about,
        `The policy asks for Trusted Types and lets no policy isotarget be made: ${barred}.`,
        'Add isotarget to trusted-types.',
      )
    : ok(about, 'The policy lets a policy isotarget be made for Trusted Types.')
}

/** What the policies of a page say of all that offers need. */
export const checkPolicies = (site: Site, edge: string | undefined): Check[] => {
  if (!site.policies.length) {
    const only = site.reported.length
    return [
      only
        ? noted('CSP', 'Its Content-Security-Policy only reports.', 'Look at the reports before you let it hold.')
        : skipped('CSP', 'It has no Content-Security-Policy.'),
    ]
  }
  return [
    checkConnect(site, edge),
    ...(edge === undefined ? [] : checkClusters(site, edge)),
    checkScript(site),
    checkStyle(site),
    checkTrustedTypes(site),
  ]
}

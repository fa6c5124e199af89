import { command } from './command.ts'
import { type Check, problem, skipped } from './doctor-check.ts'
import { checkCookies } from './doctor-cookie-checks.ts'
import { type Account, checkEdge, checkName, checkProperty, checkRules, edgeAddressOf } from './doctor-edge-checks.ts'
import { type Fetched, fetchBounded, isReached } from './doctor-fetch.ts'
import { checkContent, checkPage } from './doctor-page-checks.ts'
import { checkPolicies } from './doctor-policy-checks.ts'
import { type Site, siteOf } from './doctor-site.ts'
import { EXIT, misused } from './failure.ts'
import { type Given, titled } from './flags.ts'
import { count, json, plain, wrapped } from './layout.ts'
import type { Terminal } from './terminal.ts'

const doctorFlags = {
  ...titled('Whose site it is', {
    client: { value: 'code', text: 'Client code; default: that of the script in the page' },
    'organization-id': { value: 'id', text: 'Experience Cloud organization; default: that of the script in the page' },
    'server-domain': { value: 'host', text: 'Host of your own for the edge; default: that of the script, or Target’s' },
    insecure: { text: 'Calls that host without TLS, as an edge on this machine' },
    property: { value: 'token', text: 'Property; default: that of the script in the page' },
  }),
  ...titled('How it is looked at', {
    'on-device': { text: 'Looks at the rules for devices, too; by itself where the script decides on the device' },
    rules: { value: 'url', text: 'Where the rules are; default: at Target’s CDN' },
    timeout: { value: 'seconds', text: 'How long each answer may take; default: 15' },
  }),
} as const

type DoctorGiven = Given<typeof doctorFlags>

const pageOf = (text: string | undefined): string => {
  if (text === undefined) throw misused('isotarget doctor needs a page: isotarget doctor https://shop.example')
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw misused(`A page is an address that begins with https:// or http://, not ${text}`)
  return text
}

const timeoutOf = ({ timeout = '15' }: DoctorGiven): number => {
  if (!/^\d{1,4}(\.\d+)?$/.test(timeout) || !Number(timeout))
    throw misused(`--timeout is a number of seconds, not ${timeout}`)
  return Number(timeout) * 1000
}

const checkedHost = (host: string | undefined): string | undefined => {
  if (host === undefined || (/^[^/\s?#@]+$/.test(host) && URL.canParse(`https://${host}`))) return host
  throw misused(`--server-domain is a host such as target.shop.example, not ${host}`)
}

/** What flags and the script in the page say together: flags win. */
const accountOf = (
  given: DoctorGiven,
  { page, site }: { page: string; site: Site | undefined },
): Account | undefined => {
  const settings = site?.settings ?? {}
  const client = given.client ?? settings.client ?? ''
  const organizationId = given['organization-id'] ?? settings.organizationId ?? ''
  const serverDomain = given['server-domain'] ?? (settings.serverDomain || undefined)
  const endpoint = given['server-domain'] === undefined ? settings.endpoint || undefined : undefined
  const isKnown = client !== '' || (organizationId !== '' && (serverDomain ?? endpoint) !== undefined)
  if (!isKnown || (serverDomain && !URL.canParse(`https://${serverDomain}`))) return undefined
  return {
    client,
    organizationId,
    serverDomain,
    endpoint,
    isSecure: !given.insecure && settings.secure !== 'false',
    origin: (site?.url ?? new URL(page)).origin,
    timeout: timeoutOf(given),
  }
}

const rulesOf = (given: DoctorGiven, account: Account, site: Site | undefined): string | undefined => {
  const { decisioningMethod = '', artifactLocation } = site?.settings ?? {}
  if (given.rules !== undefined) return given.rules
  if (!given['on-device'] && !/on-device|hybrid/.test(decisioningMethod)) return undefined
  return (
    artifactLocation || `https://assets.adobetarget.com/${encodeURIComponent(account.client)}/production/v1/rules.json`
  )
}

const checksOfEdge = async (
  given: DoctorGiven,
  account: Account | undefined,
  site: Site | undefined,
): Promise<Check[]> => {
  if (!account) return [skipped('edge', 'The account is not known: give --client.')]
  const rules = rulesOf(given, account, site)
  const [edge, name, artifact] = await Promise.all([
    checkEdge(account),
    checkName(account),
    rules === undefined
      ? skipped('rules', 'Nothing is decided on the device.')
      : URL.canParse(rules)
        ? checkRules(rules, account)
        : problem('rules', `The address of the rules, ${plain(rules)}, is none.`, 'Look at it.'),
  ])
  return [...edge, ...name, artifact]
}

const isHtml = ({ status, headers }: Fetched): boolean =>
  status < 400 && /html/i.test(headers.get('content-type') ?? '')

/** All that is found out about a site. Never rejects for what is wrong with it. */
const examined = async (page: string, given: DoctorGiven): Promise<Check[]> => {
  const headers = {
    accept: 'text/html,application/xhtml+xml',
    'user-agent': 'Mozilla/5.0 (compatible; isotarget doctor)',
  }
  const answer = await fetchBounded(page, { headers, timeout: timeoutOf(given) })
  const site = isReached(answer) && isHtml(answer) ? siteOf(answer) : undefined
  const account = accountOf(given, { page, site })
  const first = isReached(answer)
    ? checkPage(answer)
    : [problem('page', `${page} cannot be had: ${answer.trouble}.`, 'Look at the address in a browser.')]
  const ofPage = site
    ? [
        ...checkContent(site, given.client),
        ...checkPolicies(site, account && edgeAddressOf(account)),
        ...checkCookies(site),
      ]
    : []
  const property = checkProperty(given.property ?? site?.settings.propertyToken)
  return [...first, ...ofPage, ...(await checksOfEdge(given, account, site)), property]
}

const SIGNS = { ok: '✓', note: '!', problem: '✗', skipped: '–' } as const

const written = (checks: readonly Check[], { paint, width }: Terminal): string => {
  const looks = { ok: paint.good, note: paint.odd, problem: paint.bad, skipped: paint.faint }
  const left = Math.max(...checks.map(({ about }) => about.length)) + 4
  const indent = ' '.repeat(left)
  return checks
    .map(({ about, verdict, text, advice }) => {
      const head = `${looks[verdict](SIGNS[verdict])} ${paint.name(about)}${' '.repeat(left - about.length - 2)}`
      const said = wrapped(verdict === 'skipped' ? paint.faint(text) : text, width - left, indent)
      return `${head}${said}${advice ? `\n${indent}${wrapped(advice, width - left, indent)}` : ''}`
    })
    .join('\n')
}

const endOf = (checks: readonly Check[], { paint }: Terminal): string => {
  const problems = checks.filter(({ verdict }) => verdict === 'problem').length
  const notes = checks.filter(({ verdict }) => verdict === 'note').length
  const words = `${count(problems, 'problem')}, ${count(notes, 'note')}`
  return problems ? paint.bad(words) : paint.good(words)
}

/** Looks at a site from outside, as a browser would meet it. */
export const doctorCommand = command({
  name: 'doctor',
  summary: 'Check a site: policy, edge, CNAME, cookies, property',
  description:
    'Fetches a page as a browser does, and says whether its Content-Security-Policy, its script, its cookies, the edge and its host let offers come. The edge is asked for nothing that counts. The exit code is 1 when there are problems.',
  takes: '<url>',
  flags: doctorFlags,
  examples: [
    ['By what the script in the page says', 'isotarget doctor https://shop.example/'],
    [
      'With a host of your own and a property',
      'isotarget doctor https://shop.example/ --client acme --server-domain target.shop.example --property 8a1b2c3d-1111-2222-3333-444455556666',
    ],
    [
      'For a program, with the rules for devices',
      'isotarget doctor https://shop.example/ --client acme --on-device --json',
    ],
  ],
  async run({ given, words, terminal }) {
    const page = pageOf(words[0])
    timeoutOf(given)
    checkedHost(given['server-domain'])
    if (given.rules !== undefined && !URL.canParse(given.rules))
      throw misused(`--rules is an address, not ${given.rules}`)
    const checks = await examined(page, given)
    if (given.json) terminal.out(json({ page, checks }))
    else terminal.out(`${written(checks, terminal)}\n\n${endOf(checks, terminal)}`)
    return checks.some(({ verdict }) => verdict === 'problem') ? EXIT.failed : EXIT.ok
  },
})

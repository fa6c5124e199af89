import { type Check, isLoopback, noted, ok, problem, skipped } from './doctor-check.ts'
import type { Fetched } from './doctor-fetch.ts'
import type { Site } from './doctor-site.ts'
import { count, plain } from './layout.ts'

/** What a page is to a browser before anything in it is looked at. */
export const checkPage = ({ url, status, headers, redirects, isCut }: Fetched): Check[] => {
  const { protocol, hostname } = new URL(url)
  const way = redirects ? ` after ${count(redirects, 'redirect')}, at ${url}` : ''
  const type = headers.get('content-type') ?? 'nothing that it says'
  if (status >= 400)
    return [problem('page', `It answers ${status}${way}.`, 'Give the address of a page that visitors see.')]
  if (!/html/i.test(type))
    return [problem('page', `It is no HTML but ${plain(type)}${way}.`, 'Give the address of a page.')]
  const read = isCut
    ? noted(
        'page',
        `It is longer than 5 MB${way}: only its beginning was looked at.`,
        'Make it shorter: phones will thank you.',
      )
    : ok('page', `It answers ${status}${way}.`)
  if (protocol === 'https:') return [read, ok('https', 'It comes over TLS.')]
  if (isLoopback(hostname)) return [read, skipped('https', 'It is on this machine, which browsers trust without TLS.')]
  return [
    read,
    problem(
      'https',
      'It comes without TLS.',
      'Redirect to https: cookies of visitors and offers can be read and changed on their way.',
    ),
  ]
}

const nameOf = (libraries: Site['libraries']): string =>
  [...new Set(libraries.map(({ library }) => library))].join(' and ')

const checkLibrary = ({ libraries, manager }: Site): Check => {
  const about = 'library'
  if (libraries.length > 1) {
    return problem(
      about,
      `${nameOf(libraries)} ${libraries.length > 2 || nameOf(libraries).includes(' and ') ? 'are' : 'is'} on it ${libraries.length} times.`,
      'Leave one: two libraries ask twice, render twice and count twice.',
    )
  }
  const [found] = libraries
  if (found && manager && found.library === 'isotarget')
    return noted(
      about,
      `${found.library} is on it, and a tag manager.`,
      'Look that the tag manager does not load at.js or alloy, too.',
    )
  if (found) return ok(about, `${found.library} is on it.`)
  if (manager)
    return noted(
      about,
      'A tag manager is on it, and no library in the page itself.',
      'What it loads cannot be seen here: look that it is one library.',
    )
  return noted(
    about,
    'No script of isotarget, at.js or alloy is in the page itself.',
    'That is right if it is in a bundle; else add the script.',
  )
}

const checkAccount = ({ libraries, settings }: Site, client: string | undefined): Check => {
  const about = 'account'
  if (!libraries.some(({ library }) => library === 'isotarget'))
    return skipped(about, 'There is no script tag of isotarget whose settings could be read.')
  const { client: named, organizationId } = settings
  if (!named)
    return problem(about, 'The script has no data-client.', 'Add data-client with the client code of the account.')
  if (client !== undefined && named !== client)
    return problem(
      about,
      `The script names the client ${plain(named)}, not ${client}.`,
      `Set data-client="${client}", or give --client ${plain(named)}.`,
    )
  if (!organizationId)
    return problem(about, 'The script has no data-organization-id.', 'Add it: an id that ends in @AdobeOrg.')
  if (!/^[^@\s]+@AdobeOrg$/.test(organizationId))
    return problem(
      about,
      `The organization ${plain(organizationId)} is no id.`,
      'It ends in @AdobeOrg, as in ABC@AdobeOrg.',
    )
  return ok(about, `The script names the client ${plain(named)} and the organization ${plain(organizationId)}.`)
}

const isModule = (type: string | undefined): boolean => type?.toLowerCase() === 'module'

const checkFlicker = ({ libraries, prehiding, settings }: Site): Check => {
  const about = 'flicker'
  const [found] = libraries
  if (!found) return skipped(about, 'There is no library in the page whose place could be looked at.')
  const { attributes, at } = found.element
  const isLate = 'async' in attributes || 'defer' in attributes || isModule(attributes.type)
  if (prehiding && prehiding.at > at)
    return problem(
      about,
      'The snippet that hides comes after the library.',
      'Put it first in the head: what is painted before it flickers.',
    )
  if (prehiding) return ok(about, 'A snippet hides what may change until the offers are there.')
  if (isLate && !settings.prehide)
    return noted(
      about,
      `The library comes ${'defer' in attributes ? 'deferred' : 'async'}, and nothing hides what it is going to change.`,
      'Add the snippet of docs/dom.md first in the head, or data-prehide, if offers change what is seen first.',
    )
  return ok(
    about,
    settings.prehide ? 'data-prehide hides what may change.' : 'The library comes before the page is painted.',
  )
}

/** What is on a page. */
export const checkContent = (site: Site, client: string | undefined): Check[] => [
  checkLibrary(site),
  checkAccount(site, client),
  checkFlicker(site),
]

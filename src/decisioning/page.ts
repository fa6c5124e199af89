/** The parts of a host by which rules are written. */
export interface Domain {
  /** Without `www`. */
  subdomain: string
  domain: string
  topLevelDomain: string
}

/** Finds the parts of a host. It is asked again and again for the same hosts. */
export type DomainOf = (host: string) => Domain

/** An address, as rules see it. */
export interface Page extends Domain {
  url: string
  path: string
  query: string
  fragment: string
}

/** By counting labels, for want of a list of public suffixes: the domain is the whole host. */
export const countedDomain: DomainOf = (domain) => {
  const labels = domain.split('.')
  const [first = ''] = labels
  return {
    subdomain: labels.length < 3 || first === 'www' ? '' : first,
    domain,
    topLevelDomain: labels
      .slice(1)
      .slice(labels.length < 4 ? -1 : -2)
      .join('.'),
  }
}

/** Host of an authority: without user and port, an IPv6 address with its brackets. */
const hostOf = (authority: string): string => {
  const host = authority.slice(authority.indexOf('@') + 1)
  const end = host.startsWith('[') ? host.indexOf(']') + 1 : host.indexOf(':')
  return end < 0 ? host : host.slice(0, end)
}

/** Takes an address apart; scheme, user and port are passed over. Anything is an address of some kind, nothing is one too. */
export const pageOf = (address: unknown, domainOf: DomainOf): Page => {
  const url = typeof address === 'string' ? address : ''
  /** Where a mark stands, at or after a place and before another. */
  const find = (mark: string, from: number, end: number): number => {
    const at = url.indexOf(mark, from)
    return at < 0 || at > end ? end : at
  }
  const hash = find('#', 0, url.length)
  const query = find('?', 0, hash)
  const colon = find(':', 0, query)
  const scheme = colon < find('/', 0, query) && colon < find('.', 0, query) ? colon + 1 : 0
  const start = url.startsWith('//', scheme) ? scheme + 2 : scheme
  const path = find('/', start, query)
  const { subdomain, domain, topLevelDomain } = domainOf(hostOf(url.slice(start, path)))
  return {
    url,
    path: url.slice(path, query),
    query: url.slice(query + 1, hash),
    fragment: url.slice(hash + 1),
    subdomain,
    domain,
    topLevelDomain,
  }
}

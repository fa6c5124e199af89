/** The parts of a host by which rules are written. */
export interface HostParts {
  subdomain: string
  domain: string
  topLevelDomain: string
}

/** Takes a host apart. */
export type DomainOf = (host: string) => HostParts

/** An address, as rules see it. */
export interface AddressParts extends HostParts {
  url: string
  path: string
  query: string
  fragment: string
}

/** By labels alone, as pages do that have no list of public suffixes: the whole host is the domain. */
export const domainByLabels: DomainOf = (host) => {
  const [first = '', ...others] = host.split('.')
  const isSub = others.length > 1 && first !== 'www'
  return {
    subdomain: isSub ? first : '',
    domain: host,
    topLevelDomain: others.slice(others.length > 2 ? -2 : -1).join('.'),
  }
}

/** Scheme, authority, path, query and fragment. A scheme is whatever stands before the first colon and holds no dot. */
const ADDRESS = /^(?:[^:/.?#]*:)?(?:\/\/)?([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s

/** Host of an authority: without the user and the port; an address in brackets stays whole. */
const HOST = /^(?:[^@]*@)?(\[[^\]]*\]|(?!\[)[^:]*)/

/** Takes an address apart. Any text is an address of some kind, and so is none. */
export const addressParts = (url: string | undefined, domainOf: DomainOf): AddressParts => {
  const [, authority = '', path = '', query = '', fragment = ''] = ADDRESS.exec(url ?? '') ?? []
  const [, host = ''] = HOST.exec(authority) ?? []
  return { url: url ?? '', path, query, fragment, ...domainOf(host) }
}

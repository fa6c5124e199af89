import { parse } from 'tldts'
import type { HostParts } from './platform.ts'

/** The parts of a host by the public suffix list, with the suffixes of hosting providers; a host under no suffix is a domain whole. */
export const hostParts = (host: string): HostParts => {
  const { domain, subdomain, publicSuffix, isIcann, isPrivate } = parse(host, { allowPrivateDomains: true })
  if (!domain || !(isIcann || isPrivate)) return { subdomain: '', domain: host, topLevelDomain: '' }
  return { subdomain: (subdomain ?? '').replace(/^www(\.|$)/, ''), domain, topLevelDomain: publicSuffix ?? '' }
}

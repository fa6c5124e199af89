import { hostParts } from '../platform/server-host.ts'

/**
 * The domain of a site, on which its cookies belong; undefined for a public suffix, on which browsers take none. Under an ending that
 * the list does not name, the ending is the suffix (publicsuffix.org, the default rule).
 */
export const siteDomain = (host: string): string | undefined => {
  const { domain, topLevelDomain } = hostParts(host)
  if (topLevelDomain) return domain
  const isSuffix = hostParts(`x.${host}`).topLevelDomain !== ''
  const labels = host.split('.')
  return isSuffix || labels.length < 2 ? undefined : labels.slice(-2).join('.')
}

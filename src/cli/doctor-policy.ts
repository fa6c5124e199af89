import { createHash } from 'node:crypto'

/** One Content Security Policy: directives and their sources. */
export type Policy = ReadonlyMap<string, readonly string[]>

/** Reads policies as a browser does: a comma begins another policy, and the first directive of a name holds (CSP Level 3, section 2.2). */
export const policiesOf = (header: string): Policy[] =>
  header.split(',').flatMap((text) => {
    const policy = new Map<string, string[]>()
    for (const part of text.split(';')) {
      const [name = '', ...sources] = part.trim().split(/\s+/)
      const key = name.toLowerCase()
      if (key && !policy.has(key)) policy.set(key, sources)
    }
    return policy.size ? [policy] : []
  })

/** What stands in for a directive that is missing (CSP Level 3, section 6.8.3). */
const FALLBACK: Readonly<Record<string, readonly string[]>> = {
  'connect-src': ['connect-src', 'default-src'],
  'script-src-elem': ['script-src-elem', 'script-src', 'default-src'],
  'style-src-elem': ['style-src-elem', 'style-src', 'default-src'],
}

/** The directive that governs, with its sources; undefined where nothing is forbidden. */
export const governing = (
  policy: Policy,
  directive: string,
): { name: string; sources: readonly string[] } | undefined => {
  const name = (FALLBACK[directive] ?? [directive]).find((one) => policy.has(one))
  return name === undefined ? undefined : { name, sources: policy.get(name) ?? [] }
}

/** `http:` covers `https:`, as a page that got safer stays allowed (section 6.7.2.8). */
const isScheme = (allowed: string, actual: string): boolean =>
  allowed === actual || (allowed === 'http:' && actual === 'https:') || (allowed === 'ws:' && actual === 'wss:')

const portOf = ({ port, protocol }: URL): string => port || { 'https:': '443', 'http:': '80' }[protocol] || ''

const isHost = (pattern: string, host: string): boolean =>
  pattern === '*' || (pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern)

const isPath = (pattern: string | undefined, path: string): boolean =>
  !pattern || pattern === '/' || (pattern.endsWith('/') ? path.startsWith(pattern) : path === pattern)

const SOURCE = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^:/]+|\[[^\]]+\])(?::(\d+|\*))?(\/[^?#]*)?$/i

/** A page that came without TLS may load the same with it. */
const isUpgrade = (port: string, address: URL): boolean => port === '80' && portOf(address) === '443'

const isSelf = (address: URL, page: URL): boolean =>
  address.hostname === page.hostname &&
  isScheme(page.protocol, address.protocol) &&
  (portOf(address) === portOf(page) || isUpgrade(portOf(page), address))

const isPort = (port: string | undefined, address: URL): boolean => {
  if (port === undefined) return address.port === ''
  return port === '*' || port === portOf(address) || isUpgrade(port, address)
}

const isHostSource = (source: string, address: URL, page: URL): boolean => {
  const [, scheme, host = '', port, path] = SOURCE.exec(source) ?? []
  if (!host || host.startsWith("'")) return false
  const isAllowed = isScheme(scheme ? `${scheme.toLowerCase()}:` : page.protocol, address.protocol)
  return (
    isAllowed && isHost(host.toLowerCase(), address.hostname) && isPort(port, address) && isPath(path, address.pathname)
  )
}

/** Whether a source of a list lets an address be loaded (section 6.7.2.7). */
const matches = (source: string, address: URL, page: URL): boolean => {
  if (source === '*') return /^(https?|wss?):$/.test(address.protocol) || address.protocol === page.protocol
  if (/^'self'$/i.test(source)) return isSelf(address, page)
  if (/^[a-z][a-z0-9+.-]*:$/i.test(source)) return isScheme(source.toLowerCase(), address.protocol)
  return isHostSource(source, address, page)
}

/** Whether an address may be loaded or called. */
export const allowsAddress = (sources: readonly string[], address: string, page: string): boolean =>
  sources.some((source) => matches(source, new URL(address), new URL(page)))

const has = (sources: readonly string[], keyword: string): boolean =>
  sources.some((source) => source.toLowerCase() === `'${keyword}'`)

const NONCE_OR_HASH = /^'(nonce|sha256|sha384|sha512)-/i

const isNonce = (sources: readonly string[], nonce: string | undefined): boolean =>
  Boolean(nonce) && sources.some((source) => source.replace(/^'nonce-/i, "'nonce-") === `'nonce-${nonce}'`)

const isHashed = (sources: readonly string[], text: string): boolean =>
  sources.some((source) => {
    const [, algorithm = '', hash = ''] = /^'(sha256|sha384|sha512)-([^']+)'$/i.exec(source) ?? []
    return (
      algorithm !== '' &&
      createHash(algorithm.toLowerCase()).update(text).digest('base64') ===
        hash.replaceAll('-', '+').replaceAll('_', '/')
    )
  })

/** What is written in the page. */
interface Inline {
  nonce?: string | undefined
  text: string
}

/** Whether a script or a style that is written in the page may stand there (section 6.7.3.3). */
export const allowsInline = (sources: readonly string[], { nonce, text }: Inline): boolean => {
  if (isNonce(sources, nonce) || isHashed(sources, text)) return true
  return (
    has(sources, 'unsafe-inline') &&
    !has(sources, 'strict-dynamic') &&
    !sources.some((source) => NONCE_OR_HASH.test(source))
  )
}

/** Whether the script of an element may be loaded; with `strict-dynamic` hosts say nothing (section 6.7.1.1). */
export const allowsScript = (
  sources: readonly string[],
  {
    nonce,
    integrity,
    address,
    page,
  }: { nonce?: string | undefined; integrity?: string | undefined; address: string; page: string },
): boolean => {
  if (isNonce(sources, nonce)) return true
  const hashes = (integrity ?? '').split(/\s+/).filter(Boolean)
  if (hashes.length && hashes.every((hash) => sources.includes(`'${hash}'`))) return true
  return !has(sources, 'strict-dynamic') && allowsAddress(sources, address, page)
}

import { isAddress } from '../delivery/rules.ts'

/** Addresses that belong to nobody on the Internet: a load balancer's, not the visitor's. RFC 1918, 3927, 4193, 4291, 6598. */
const PRIVATE =
  /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|^(::1?$|f[cd]|fe[89ab])/i

/** The visitor's address, written as Target takes it; undefined for one that cannot be the visitor's. */
export const publicAddress = (given: string | undefined): string | undefined => {
  const plain = given?.trim().replace(/^::ffff:(?=\d+\.)/i, '')
  return plain && isAddress(plain) && !PRIVATE.test(plain) ? plain : undefined
}

/** What one visitor has: an IPv4 address, or the first half of an IPv6 one, the other half of which a device chooses freely. */
export const networkOf = (address: string): string => {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.replace(/%.*/, '').toLowerCase().split('::')
  const first = head ? head.split(':') : []
  const last = tail ? tail.split(':') : []
  const gap = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length)
  const groups = [...first, ...Array.from({ length: gap }, () => '0'), ...last]
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}

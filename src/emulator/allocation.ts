/** Into so many buckets the visitors of an activity fall. Rules speak of them as percent, with two decimals. */
const BUCKETS = 10_000

const rotated = (bits: number, by: number): number => (bits << by) | (bits >>> (32 - by))

const scrambled = (pair: number): number => Math.imul(rotated(Math.imul(pair, 0xcc9e2d51), 15), 0x1b873593)

/** MurmurHash3 (x86, 32 bits, seed 0) over the UTF-16 code units of a text, as a signed number. */
const murmur = (text: string): number => {
  const unit = (at: number): number => text.charCodeAt(at)
  const odd = text.length % 2
  let bits = 0
  for (let at = 0; at < text.length - odd; at += 2) {
    bits = rotated(bits ^ scrambled(unit(at) | (unit(at + 1) << 16)), 13)
    bits = (Math.imul(bits, 5) + 0xe6546b64) | 0
  }
  if (odd) bits ^= scrambled(unit(text.length - 1))
  bits ^= text.length * 2
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}

/** By what chance is drawn. */
export interface Draw {
  /** Client code of the account. */
  client: string
  /** The id that decides: of several, Target looks at one. */
  visitor: string
  /** Moves everybody by so many buckets, so that somebody else is given what. */
  turn: number
}

/** By Target's formula: the same on every edge and every device. */
const unturned = ({ client, visitor }: Draw, activity: number): number =>
  Math.abs(murmur(`${client}.${activity}.${visitor}.0`)) % BUCKETS

/** The bucket of a visitor in an activity. */
export const bucketOf = (draw: Draw, activity: number): number => (unturned(draw, activity) + draw.turn) % BUCKETS

/** The bucket as rules see it, from 0 to 99.99. The turn is not in it: devices know of none. */
export const allocationOf = (draw: Draw, activity: number): number => unturned(draw, activity) / 100

/** A turn that a text stands for; without one nobody is moved. */
export const turnOf = (seed: string | undefined): number => (seed === undefined ? 0 : Math.abs(murmur(seed)) % BUCKETS)

/** The first and the last of the buckets that belong together; there are none when the last comes before the first. */
export interface Range {
  first: number
  last: number
}

/** Splits the buckets by weight. Half of them ends with 50.00 percent, as Target has it. */
export const rangesOf = (shares: readonly number[]): Range[] => {
  const total = shares.reduce((sum, share) => sum + share, 0)
  let sum = 0
  let first = 0
  return shares.map((share) => {
    if (!share) return { first, last: first - 1 }
    sum += share
    const range = { first, last: Math.min(BUCKETS - 1, Math.floor((sum * BUCKETS) / total)) }
    first = range.last + 1
    return range
  })
}

const ALLOCATION = { var: 'allocation' }

const between = ({ first, last }: Range): object => ({
  and: [
    first ? { '<': [(first - 1) / 100, ALLOCATION] } : { '<=': [0, ALLOCATION] },
    { '>=': [last === BUCKETS - 1 ? 100 : last / 100, ALLOCATION] },
  ],
})

/** The condition by which a device gives a visitor the experience of a range; false for nobody. */
export const allocationCondition = ({ first, last }: Range, turn: number): unknown => {
  if (last < first) return false
  const moved = [turn, turn - BUCKETS].map((by) => ({
    first: Math.max(0, first - by),
    last: Math.min(BUCKETS - 1, last - by),
  }))
  const parts = moved.filter((range) => range.first <= range.last).map(between)
  return parts.length > 1 ? { or: parts } : parts[0]
}

/** The hash of a text that may go on, so that many texts with one beginning cost only their ends. */
export interface Begun {
  bits: number
  /** The last code unit when it waits for its pair, else -1. */
  odd: number
  /** Code units so far. */
  length: number
}

/** No text yet; the seed is 0. */
export const EMPTY: Begun = { bits: 0, odd: -1, length: 0 }

const rotated = (bits: number, by: number): number => (bits << by) | (bits >>> (32 - by))

const scrambled = (pair: number): number => Math.imul(rotated(Math.imul(pair, 0xcc9e2d51), 15), 0x1b873593)

const mixed = (bits: number, pair: number): number =>
  (Math.imul(rotated(bits ^ scrambled(pair), 13), 5) + 0xe6546b64) | 0

/** Adds to the text: MurmurHash3 x86 32 over UTF-16 code units. */
export const absorb = (begun: Begun, text: string): Begun => {
  const end = text.length
  let { bits, odd } = begun
  let at = 0
  if (odd >= 0 && end) {
    bits = mixed(bits, odd | (text.charCodeAt(0) << 16))
    odd = -1
    at = 1
  }
  for (; at + 1 < end; at += 2) bits = mixed(bits, text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16))
  if (at < end) odd = text.charCodeAt(at)
  return { bits, odd, length: begun.length + end }
}

/** The hash as a signed number of 32 bits. It equals Guava's `hashUnencodedChars`. */
export const finish = ({ bits: begun, odd, length }: Begun): number => {
  let bits = odd < 0 ? begun : begun ^ scrambled(odd)
  bits ^= length << 1
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}

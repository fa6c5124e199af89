/** 32 bits of a text: FNV-1a, mixed at the end so that texts which differ in one character land far apart. */
export const hash = (text: string, start = 0x811c9dc5): number => {
  let bits = start
  for (let at = 0; at < text.length; at++) bits = Math.imul(bits ^ text.charCodeAt(at), 0x01000193)
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

const hex = (numbers: Iterable<number>, digits: number): string =>
  [...numbers].map((number) => number.toString(16).padStart(digits, '0')).join('')

/** Numbers from 0 to below 1: by chance, or with a seed the same ones in the same order. */
export const createChance = (seed?: string): (() => number) => {
  let drawn = 0
  return seed === undefined ? Math.random : () => hash(`${seed}:chance:${++drawn}`) / 2 ** 32
}

/** Makes ids of 32 hex digits: random ones, or with a seed the same ones in the same order. */
export const createIds = (seed?: string): (() => string) => {
  let made = 0
  return () => {
    if (seed === undefined) return hex(crypto.getRandomValues(new Uint8Array(16)), 2)
    made++
    return hex(
      [1, 2, 3, 4].map((start) => hash(`${seed}:${made}`, start)),
      8,
    )
  }
}

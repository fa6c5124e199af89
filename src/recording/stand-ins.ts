/** What a text that is taken out was. */
export type Secret =
  | 'session'
  | 'device'
  | 'ecid'
  | 'third-party'
  | 'customer'
  | 'ip'
  | 'sdid'
  | 'request'
  | 'impression'
  | 'notification'
  | 'token'
  | 'state'
  | 'qa-token'
  | 'authorization'
  | 'cookie'
  | 'value'

/** Shorter texts are taken out at their place alone: elsewhere they are most likely another word. */
const SHORTEST = 4

/** Values that say nothing of anybody. */
const PLAIN = ['true', 'false', 'null', 'undefined']

const IPV4_BLOCKS = ['192.0.2', '198.51.100', '203.0.113']

/** Addresses that are reserved for documentation (RFC 5737, RFC 3849). */
const ipOf = (value: string, number: number): string => {
  const block = IPV4_BLOCKS[Math.floor((number - 1) / 254)]
  return value.includes(':') || !block ? `2001:db8::${number.toString(16)}` : `${block}.${((number - 1) % 254) + 1}`
}

/** As the value is formed, where it has a form. */
const written = (kind: Secret, value: string, number: number): string => {
  if (kind === 'ecid') return `${number}`.padStart(38, '0')
  if (kind === 'sdid') return `${'0'.repeat(16)}-${`${number}`.padStart(16, '0')}`
  if (kind === 'ip') return ipOf(value, number)
  return `recorded-${kind}-${number}`
}

/** Finds every text that may stand for another one. */
export const STAND_IN =
  /recorded-[a-z-]+-\d+|0{24}\d{14}(?!\d)|0{16}-\d{16}|(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}|2001:db8::[0-9a-f]+/g

/** The ways in which a text may be written inside of another one. */
const spellings = (value: string): string[] => {
  const html = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
  const json = JSON.stringify(value).slice(1, -1)
  return [...new Set([value, encoded(value), encoded(value).replaceAll('%20', '+'), html, json])]
}

const encoded = (value: string): string => {
  try {
    return encodeURIComponent(value)
  } catch {
    return value
  }
}

/** Puts stand-ins in place of secrets. */
export interface StandIns {
  /** The stand-in of a value; the same value has the same one. */
  of(kind: Secret, value: string): string
  /** A text without any value that is known. Names of places keep words that are values of parameters, too. */
  swept(text: string, only?: 'ids'): string
}

/** `taken` says how many of a kind there are already. */
export const createStandIns = (taken: ReadonlyMap<string, number> = new Map()): StandIns => {
  const counts = new Map<string, number>(taken)
  const known = new Map<string, string>()
  /** The longest first, so that a part of one is not taken for another. */
  const sought: { text: string; standIn: string; isValue: boolean }[] = []

  const seek = (kind: Secret, value: string, standIn: string): void => {
    if (value.length < SHORTEST || PLAIN.includes(value)) return
    for (const text of spellings(value)) {
      if (sought.some((other) => other.text === text)) continue
      const at = sought.findIndex((other) => other.text.length < text.length)
      sought.splice(at < 0 ? sought.length : at, 0, { text, standIn, isValue: kind === 'value' })
    }
  }

  return {
    of(kind, value) {
      // Whoever records a replay meets stand-ins again.
      if (value.replace(STAND_IN, '') === '') return value
      const key = `${kind} ${value}`
      const found = known.get(key)
      if (found !== undefined) return found
      const number = (counts.get(kind) ?? 0) + 1
      counts.set(kind, number)
      const standIn = written(kind, value, number)
      known.set(key, standIn)
      seek(kind, value, standIn)
      return standIn
    },
    swept(text, only) {
      let clean = text
      for (const { text: secret, standIn, isValue } of sought)
        if (!(only && isValue) && clean.includes(secret)) clean = clean.replaceAll(secret, standIn)
      return clean
    },
  }
}

/** How many stand-ins of each kind a text holds, so that others can go on from there. */
export const standInsIn = (text: string): Map<string, number> => {
  const counts = new Map<string, number>()
  const raise = (kind: Secret, number: number) => counts.set(kind, Math.max(counts.get(kind) ?? 0, number))
  for (const [found] of text.matchAll(STAND_IN)) {
    const [, kind, number] = /^recorded-([a-z-]+)-(\d+)$/.exec(found) ?? []
    if (kind) raise(kind as Secret, Number(number))
    else if (/^\d{38}$/.test(found)) raise('ecid', Number(found))
    else if (found.startsWith('0')) raise('sdid', Number(found.slice(17)))
    else raise('ip', ipNumber(found))
  }
  return counts
}

const ipNumber = (text: string): number => {
  if (text.includes(':')) return Number.parseInt(text.slice('2001:db8::'.length), 16)
  const at = text.lastIndexOf('.')
  return IPV4_BLOCKS.indexOf(text.slice(0, at)) * 254 + Number(text.slice(at + 1))
}

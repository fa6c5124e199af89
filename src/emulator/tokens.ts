import { hash } from './hash.ts'

/** What an event token or a state stands for. */
export interface Seal {
  kind: 'display' | 'click' | 'state'
  /** Key of the visitor that it was issued to. */
  visitor: string
  /** Where it was issued for, such as `mbox:hero`. */
  place: string
  /** Nothing for a state. */
  activity?: number
  /** Position of the experience in its activity. */
  experience?: number
  /** Tells the options, or the click metrics, of one place apart. */
  part?: number
}

export interface Tokens {
  seal(content: Seal): string
  /** Undefined for a text that was not issued here, or has changed on its way. */
  open(token: string): Seal | undefined
}

/** As long as a nonce of one byte allows; half of all nonces give a token that will do. */
const NONCES = 256
const CHECK_BYTES = 8

/** Bytes that nobody guesses by looking: a small generator, started by the key and the nonce. */
const scrambled = (bytes: Uint8Array, key: string, nonce: number): Uint8Array => {
  let state = hash(`${nonce}:${key}`)
  return bytes.map((byte) => {
    state = (state + 0x6d2b79f5) | 0
    return byte ^ (Math.imul(state ^ (state >>> 15), state | 1) >>> 24)
  })
}

const checkOf = (text: string, key: string): Uint8Array => {
  const bytes = new DataView(new ArrayBuffer(CHECK_BYTES))
  bytes.setUint32(0, hash(`${key}:${text}`))
  bytes.setUint32(4, hash(`${text}:${key}`, 1))
  return new Uint8Array(bytes.buffer)
}

const base64 = (nonce: number, content: Uint8Array, check: Uint8Array): string =>
  btoa(String.fromCharCode(nonce, ...check, ...content))

const bytesOf = (token: string): Uint8Array | undefined => {
  try {
    const binary = atob(token)
    // A token that lost its padding decodes too, yet it is not what was issued.
    return btoa(binary) === token ? Uint8Array.from(binary, (character) => character.charCodeAt(0)) : undefined
  } catch {
    return undefined
  }
}

/**
 * Makes tokens that carry what they stand for, so that nothing has to be remembered, however many are issued. The same
 * content gives the same token. Each one holds `+`, `/` and `=`, so that whoever encodes them wrongly is found out.
 */
export const createTokens = (key: string): Tokens => ({
  seal(content) {
    const { kind, visitor, place, activity, experience, part } = content
    const text = JSON.stringify([kind, visitor, place, activity, experience, part])
    const plain = new TextEncoder().encode(text)
    const whole = plain.length % 3 ? plain : new Uint8Array([...plain, 32])
    const check = checkOf(text, key)
    let token = ''
    for (let nonce = 0; nonce < NONCES && !(token.includes('+') && token.includes('/')); nonce++)
      token = base64(nonce, scrambled(whole, key, nonce), check)
    return token
  },
  open(token) {
    const bytes = bytesOf(token)
    if (!bytes) return undefined
    const start = 1 + CHECK_BYTES
    const plain = new TextDecoder().decode(scrambled(bytes.subarray(start), key, bytes[0] ?? 0))
    const text = plain.trimEnd()
    if (`${checkOf(text, key)}` !== `${bytes.subarray(1, start)}`) return undefined
    const [kind, visitor, place, activity, experience, part] = JSON.parse(text)
    return { kind, visitor, place, ...(kind !== 'state' && { activity, experience, part }) }
  },
})

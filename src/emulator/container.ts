/** How the obfuscated form begins: its name and version, then a key. */
const MAGIC = 'ATOD:001'
const KEY_BYTES = 32

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

/** Every byte with the organization and the key, in turn; done twice, it is as it was. */
const masked = (content: Uint8Array, key: Uint8Array): Uint8Array =>
  content.map((byte, at) => byte ^ (key[at % key.length] ?? 0))

/** Writes the obfuscated form of an artifact, which is for one organization. */
export const closed = (json: string, organizationId: string): Uint8Array<ArrayBuffer> => {
  const key = 'isotarget-emulator'.padEnd(KEY_BYTES, '.')
  const content = masked(utf8(json), utf8(organizationId + key))
  return new Uint8Array([...utf8(MAGIC + key), ...content])
}

/** The text in either form of an artifact. */
export const opened = (bytes: Uint8Array, organizationId = ''): string => {
  const start = MAGIC.length + KEY_BYTES
  const isClosed = new TextDecoder().decode(bytes.subarray(0, MAGIC.length)) === MAGIC
  const key = new Uint8Array([...utf8(organizationId), ...bytes.subarray(MAGIC.length, start)])
  return new TextDecoder().decode(isClosed ? masked(bytes.subarray(start), key) : bytes)
}

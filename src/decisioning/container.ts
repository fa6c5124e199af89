import { TargetError } from '../delivery/error.ts'

/** How the obfuscated form begins: its name and the version that is read here. No JSON begins like it. */
const NAME = 'ATOD:'
const VERSION = '001'
/** Bytes before the key, and before the content. */
const KEY = 8
const CONTENT = 40

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

/**
 * The content of an obfuscated artifact: each byte is combined (XOR) with the organization and the key that follows the version,
 * in turn. It hides, and protects nothing. Bytes of another form are given back as they are.
 */
const openContainer = (bytes: Uint8Array, organizationId: string): Uint8Array => {
  if (ascii(bytes.subarray(0, 5)) !== NAME) return bytes
  const version = ascii(bytes.subarray(5, KEY))
  if (version !== VERSION) {
    throw new TargetError(
      'PARSE_ERROR',
      `The artifact is of the form ${NAME}${version}: only ${NAME}${VERSION} is known`,
    )
  }
  const key = new Uint8Array([...new TextEncoder().encode(organizationId), ...bytes.subarray(KEY, CONTENT)])
  const content = bytes.slice(CONTENT)
  for (let at = 0; at < content.length; at++) content[at] = (content[at] as number) ^ (key[at % key.length] as number)
  return content
}

/** An artifact of either form, as text and as JSON. Throws a {@link TargetError} when it is none. */
export const readArtifact = (bytes: Uint8Array, organizationId: string): { text: string; json: unknown } => {
  const text = new TextDecoder().decode(openContainer(bytes, organizationId))
  try {
    return { text, json: JSON.parse(text) }
  } catch (cause) {
    const serverMessage = text.slice(0, 200)
    const start = JSON.stringify(text.slice(0, 40))
    throw new TargetError('PARSE_ERROR', `The artifact is cut, of another organization, or none: it begins ${start}`, {
      serverMessage,
      cause,
    })
  }
}

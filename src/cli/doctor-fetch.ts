import { reasonOf } from './failure.ts'

/** More than any page: what follows is not read. */
const LARGEST = 5_000_000
/** As many as browsers follow, and fewer than a loop. */
const REDIRECTS = 10

/** What came from an address. */
export interface Fetched {
  /** Where it came from in the end. */
  url: string
  status: number
  headers: Headers
  text: string
  /** There was more than was read. */
  isCut: boolean
  redirects: number
}

/** An address that gave nothing, and why. */
export interface Unreachable {
  trouble: string
}

/** How something is asked for. */
interface Asking extends Pick<RequestInit, 'method' | 'headers' | 'body'> {
  /** ms, for all of it. */
  timeout: number
}

/** What the network says, in words that say what to do. */
const TROUBLE: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such host: look at the name',
  EAI_AGAIN: 'the host is not found now: look at the network',
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  CERT_HAS_EXPIRED: 'its certificate has expired: renew it',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: look at the clocks',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself: get one of an authority that browsers know',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an authority that browsers do not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificates of its chain are missing: send those between, too',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificates of its chain are missing: send those between, too',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name: add this one to it',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it speaks no TLS: look at the port, and at the scheme',
  EPROTO: 'it speaks no TLS that browsers take',
  HPE_INVALID_CONSTANT: 'it speaks no HTTP',
}

const troubleOf = (error: unknown, timeout: number): string => {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at.name === 'TimeoutError')
      return `it takes longer than ${timeout / 1000} s: look at the server, or give it longer with --timeout`
    const words = TROUBLE[(at as NodeJS.ErrnoException).code ?? '']
    if (words) return words
  }
  return reasonOf(error)
}

/** Reads to the end, or to the limit. */
const bodyOf = async (response: Response): Promise<Pick<Fetched, 'text' | 'isCut'>> => {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length
    text += decoder.decode(chunk, { stream: true })
    if (size > LARGEST) return { text, isCut: true }
  }
  return { text, isCut: false }
}

const followed = async (address: string, asking: Asking, signal: AbortSignal): Promise<Fetched | Unreachable> => {
  const { timeout: _, ...init } = asking
  let url = address
  for (let redirects = 0; redirects <= REDIRECTS; redirects++) {
    const response = await fetch(url, { ...init, redirect: 'manual', signal })
    const { status, headers } = response
    const location = headers.get('location')
    if (status < 300 || status > 399 || status === 304 || !location)
      return { url, status, headers, redirects, ...(await bodyOf(response)) }
    await response.body?.cancel()
    if (!URL.canParse(location, url)) return { trouble: `it redirects to ${location}, which is no address` }
    const next = new URL(location, url)
    if (!/^https?:$/.test(next.protocol)) return { trouble: `it redirects to ${next.protocol}, which no page is` }
    url = next.href
  }
  return { trouble: `it redirects more than ${REDIRECTS} times: there is a loop` }
}

/** Asks for an address as a browser does: redirects are followed, time and size are bounded. Never rejects. */
export const fetchBounded = async (address: string, asking: Asking): Promise<Fetched | Unreachable> => {
  try {
    return await followed(address, asking, AbortSignal.timeout(asking.timeout))
  } catch (error) {
    return { trouble: troubleOf(error, asking.timeout) }
  }
}

export const isReached = (answer: Fetched | Unreachable): answer is Fetched => 'status' in answer

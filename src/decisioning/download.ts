import type { Geo } from '../delivery/context.ts'
import { isTargetError, TargetError } from '../delivery/error.ts'
import { geoOf } from './geo.ts'
import { after } from './poll.ts'

/** How an artifact is downloaded. */
export interface DownloadParts {
  location: string
  /** Any `fetch`. @default the runtime's own, looked up for each download */
  fetchApi?: typeof fetch | undefined
  /** For one attempt with its body, in ms. */
  timeout: number
  /** Larger artifacts are refused. */
  maximumBytes: number
  /** Ends everything. */
  signal: AbortSignal
}

/** What came. */
export interface Downloaded {
  bytes: Uint8Array
  etag: string | undefined
  /** Where the CDN believes the caller to be. */
  geo: Geo | undefined
}

/** A body in full, of any `fetch`: some have only `text()` or `json()`. Throws as soon as it is known to be larger than `limit`. */
const bytesOf = async (response: Response, limit: number): Promise<Uint8Array> => {
  const check = (size: number): void => {
    if (size <= limit) return
    const message = `The artifact is larger than ${limit} bytes: use that of a property, or server-side decisions`
    throw new TargetError('PARSE_ERROR', message, { limit, received: size })
  }
  check(Number(response.headers?.get?.('content-length')) || 0)
  const reader = response.body?.getReader?.()
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.length
    check(size)
    chunks.push(part.value)
  }
  if (reader) return new Uint8Array(await new Blob(chunks).arrayBuffer())
  const bytes = response.arrayBuffer
    ? new Uint8Array(await response.arrayBuffer())
    : new TextEncoder().encode(response.text ? await response.text() : JSON.stringify(await response.json()))
  check(bytes.length)
  return bytes
}

/** What `Retry-After` asks for, in ms; it is seconds or a date (RFC 9110 section 10.2.3). */
const retryAfterOf = ({ headers }: Response): number | undefined => {
  const header = headers?.get?.('retry-after') ?? ''
  const ms = Number(header) * 1000 || Date.parse(header) - Date.now()
  return ms > 0 ? ms : undefined
}

/** The error of an answer that brings no artifact. */
const refusalOf = async (response: Response): Promise<TargetError> => {
  const { status } = response
  const body = await bytesOf(response, 65_536).catch(() => new Uint8Array())
  const serverMessage = new TextDecoder().decode(body).slice(0, 200)
  const retryAfter = retryAfterOf(response)
  const advice = status < 500 ? ': are on-device decisions enabled for this client, environment and property?' : ''
  return new TargetError('HTTP_ERROR', `The artifact was answered with ${status}${advice}`, {
    status,
    serverMessage,
    ...(retryAfter && { retryAfter }),
  })
}

const receive = async (parts: DownloadParts, etag: string | undefined, signal: AbortSignal) => {
  const response = await (parts.fetchApi ?? fetch)(parts.location, {
    signal,
    ...(etag && { headers: { 'if-none-match': etag } }),
  })
  const { status, headers } = response
  if (status === 304 && etag) return undefined
  if (status !== 200) throw await refusalOf(response)
  const bytes = await bytesOf(response, parts.maximumBytes)
  const read = (name: string) => headers?.get?.(name)
  return { bytes, etag: read('etag') ?? undefined, geo: geoOf(read) }
}

/**
 * Downloads once; undefined when the artifact of `etag` is still the right one. Rejects with a {@link TargetError}.
 */
export const download = async (parts: DownloadParts, etag: string | undefined): Promise<Downloaded | undefined> => {
  const { timeout, signal } = parts
  const controller = new AbortController()
  const end = () => controller.abort()
  let isLate = false
  const timer = after(timeout, () => {
    isLate = true
    end()
  })
  signal.addEventListener('abort', end)
  try {
    return await Promise.race([
      // A `fetch` that does not listen to the signal must not keep the source waiting.
      new Promise<never>((_, reject) => controller.signal.addEventListener('abort', reject)),
      receive(parts, etag, controller.signal),
    ])
  } catch (cause) {
    if (isTargetError(cause)) throw cause
    if (isLate) throw new TargetError('TIMEOUT', `The artifact did not come within ${timeout} ms`)
    const reason = (cause as Error)?.message ?? cause
    throw new TargetError('NETWORK_ERROR', `The artifact could not be downloaded: ${reason}`, { cause })
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
    // What is left of a body that nobody reads would keep its connection.
    end()
  }
}

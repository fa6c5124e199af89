import { isPublished } from '../emulator/published.ts'
import { createCleaner } from './clean.ts'
import type { RecordedExchange } from './recording.ts'
import { requestBody } from './request-clean.ts'
import { responseBody, rulesBody } from './response-clean.ts'
import type { StandIns } from './stand-ins.ts'

/** One call and its answer, as they were. */
export interface Exchange {
  method: string
  url: string
  headers: Headers
  text: string
  response: { status: number; headers: Headers; bytes: Uint8Array }
}

/** Headers that say nothing of anybody. */
const ASKED = ['content-type', 'x-exc-sdk', 'x-exc-sdk-version']
const ANSWERED = ['content-type', 'cache-control', 'etag', 'retry-after']

const headersOf = (headers: Headers, names: readonly string[], swept: (text: string) => string) =>
  Object.fromEntries(
    names.flatMap((name) => (headers.has(name) ? [[name, swept(headers.get(name) as string)]] : [])),
  ) as Record<string, string>

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Values of cookies, and the parts of the `mbox` cookie's value. */
const cookiesIn = ({ headers, response }: Exchange): string[] =>
  [headers.get('cookie') ?? '', ...response.headers.getSetCookie().map((cookie) => cookie.replace(/;.*/s, ''))]
    .flatMap((text) => text.split(';'))
    .map((pair) => pair.slice(pair.indexOf('=') + 1).trim())
    .flatMap((value) => [value, ...value.split(/[#|]|%23|%7C/i)])
    .filter((value) => value.length > 3)

/** The addresses in a header such as `Forwarded` (RFC 7239) or `X-Forwarded-For`. */
const ipsIn = (name: string, value: string): string[] =>
  /forwarded|client-ip|real-ip|connecting-ip/.test(name)
    ? value.split(/[\s,;="[\]]+/).filter((part) => /^[\d.]+$|:.*:/.test(part))
    : []

/** Secrets of headers are written nowhere; yet they may be met elsewhere. */
const learnHeaders = (exchange: Exchange, standIns: StandIns): void => {
  for (const value of cookiesIn(exchange)) standIns.of('cookie', value)
  for (const [name, value] of exchange.headers) {
    for (const ip of ipsIn(name, value)) standIns.of('ip', ip)
    if (!/authorization|token|api-key/.test(name)) continue
    for (const text of [value, value.replace(/^\w+ /, '')]) standIns.of('authorization', text)
  }
}

/** What is taken from the query of a call. */
const queryOf = (url: string, standIns: StandIns): Record<string, string> => {
  const { searchParams } = new URL(url)
  const of = (name: string, write: (value: string) => string) => {
    const value = searchParams.get(name)
    return value ? { [name]: write(value) } : {}
  }
  const same = (value: string) => standIns.swept(value, 'ids')
  return {
    ...of('client', same),
    ...of('imsOrgId', same),
    ...of('sessionId', (value) => standIns.of('session', value)),
    ...of('version', same),
  }
}

/** Makes of exchanges what may be written. */
export const createExchangeCleaner = (standIns: StandIns, kept: ReadonlySet<string>) => {
  const cleaner = createCleaner(standIns, kept)
  const [cleanRequest, cleanResponse, cleanRules] = [requestBody(cleaner), responseBody(cleaner), rulesBody(cleaner)]

  const answered = ({ url, response }: Exchange): unknown => {
    if (!response.bytes.length || new URL(url).pathname.endsWith('.bin')) return undefined
    const text = new TextDecoder().decode(response.bytes)
    const body = parsed(text)
    if (body === undefined) return cleaner.free(text)
    return isPublished(url) ? (url.includes('/v1/geo') ? {} : cleanRules(body)) : cleanResponse(body)
  }

  const cleaned = (exchange: Exchange): RecordedExchange => {
    const { method, url, headers, text, response } = exchange
    const swept = (value: string) => standIns.swept(value)
    learnHeaders(exchange, standIns)
    const query = queryOf(url, standIns)
    const asked = cleanRequest(parsed(text))
    const body = answered(exchange)
    return {
      request: {
        method,
        path: standIns.swept(new URL(url).pathname, 'ids'),
        query,
        headers: headersOf(headers, ASKED, swept),
        ...(asked !== undefined && { body: asked }),
      },
      response: {
        status: response.status,
        headers: headersOf(response.headers, ANSWERED, swept),
        ...(body !== undefined && { body }),
      },
    }
  }

  return (exchange: Exchange): RecordedExchange => {
    // The first time is to learn what is secret: an id that comes late may be written before.
    cleaned(exchange)
    return cleaned(exchange)
  }
}

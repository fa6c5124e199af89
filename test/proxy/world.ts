import { once } from 'node:events'
import {
  type ClientRequest,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { createEmulator, type EmulatorOptions } from '../../src/emulator.ts'
import { createProxy, nodeListener, type ProxyOptions } from '../../src/server.ts'

export const ACCOUNT = { client: 'acme', organizationId: 'ABC@AdobeOrg' } as const

/** An answer as it came. */
export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
  json: { status?: number; message?: string; id?: { tntId: string }; notifications?: { id: string }[] } & Record<
    string,
    unknown
  >
}

/** A call of a page. */
export interface Sent {
  method?: string
  path?: string
  query?: Record<string, string> | string
  /** Undefined leaves one out. */
  headers?: Record<string, string | undefined>
  /** Text, JSON, or parts that come one by one. */
  body?: unknown
}

const jsonOf = (text: string): Answer['json'] => {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

const received = async (response: IncomingMessage): Promise<Answer> => {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  return { status: response.statusCode ?? 0, headers: response.headers, text, json: jsonOf(text) }
}

export const QUERY = { imsOrgId: ACCOUNT.organizationId, sessionId: 's-1' }
export const HERO = { context: { channel: 'web' }, execute: { mboxes: [{ index: 0, name: 'hero' }] } }

/** Writes parts as long as somebody takes them. */
const write = async (sent: ClientRequest, parts: AsyncIterable<string>, answered: AbortSignal): Promise<void> => {
  for await (const part of parts) {
    if (answered.aborted) return
    if (!sent.write(part)) await once(sent, 'drain', { signal: answered }).catch(() => {})
  }
  sent.end()
}

/** Posts as a page of the route's own origin does; `headers` change that. */
export const sendTo = async (
  port: number,
  { method = 'POST', path = '/offers', query = QUERY, headers = {}, body = HERO }: Sent = {},
): Promise<Answer> => {
  const search = typeof query === 'string' ? query : new URLSearchParams(query).toString()
  const all = { 'content-type': 'text/plain;charset=UTF-8', origin: `http://localhost:${port}`, ...headers }
  const told = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as OutgoingHttpHeaders
  const sent = request({ port, method, path: `${path}${search && `?${search}`}`, headers: told })
  const answered = new AbortController()
  // What the server does not want to read breaks the writing, not the answer.
  sent.on('error', () => {})
  const responding = once(sent, 'response') as Promise<[IncomingMessage]>
  if (Symbol.asyncIterator in Object(body)) void write(sent, body as AsyncIterable<string>, answered.signal)
  else sent.end(method === 'POST' ? (typeof body === 'string' ? body : JSON.stringify(body)) : undefined)
  try {
    const [response] = await responding
    return await received(response)
  } finally {
    answered.abort()
    sent.destroy()
  }
}

/** Serves a route on a port of its own. */
export const serve = async (listener: Parameters<typeof createServer>[1]): Promise<number> => {
  const server = createServer(listener)
  server.listen(0)
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** An edge that listens, and a route before it. */
export const openRoute = async (
  options: Partial<ProxyOptions> = {},
  { ipAddress, ...edgeOptions }: EmulatorOptions & { ipAddress?: string } = {},
) => {
  const edge = createEmulator({ offers: { hero: '<b>Hello</b>' }, ...ACCOUNT, ...edgeOptions })
  const { url, port: edgePort, close } = await edge.listen()
  onTestFinished(close)
  const errors: unknown[] = []
  const proxy = createProxy({
    ...ACCOUNT,
    serverDomain: new URL(url).host,
    secure: false,
    onError: (error) => errors.push(error),
    ...options,
  })
  const port = await serve(
    nodeListener(proxy, { ipAddress: (incoming) => ipAddress ?? incoming.headers['x-visitor']?.toString() }),
  )
  return { edge, edgePort, edgeUrl: url, proxy, port, errors, send: (sent?: Sent) => sendTo(port, sent), close }
}

import type { TargetProxy } from './proxy.ts'

// The few members of `node:http` in use, in words of our own: this file is compiled where the types of Node do not exist.
interface Emits {
  /** Hears of each part of the body. */
  on(event: 'data', listener: (chunk: Uint8Array<ArrayBuffer>) => void): unknown
  /** Hears of the end of the body, and of a connection that is gone. */
  on(event: 'end' | 'close', listener: () => void): unknown
  /** Hears of what went wrong. */
  on(event: 'error', listener: (error: Error) => void): unknown
  /** Reads no further, so that a body that is too long does not fill the memory. */
  pause(): unknown
  /** Lets the rest go by, unread. */
  resume(): unknown
}

/** A request of Node, Express, Connect or Fastify's `raw`. */
export interface NodeIncoming extends Emits {
  method?: string | undefined
  url?: string | undefined
  /** Express keeps the whole address here when a router cuts `url`. */
  originalUrl?: string
  headers: Record<string, string | string[] | undefined>
  httpVersionMajor: number
  complete: boolean
  socket?: { encrypted?: boolean; remoteAddress?: string | undefined } | null
  /** The visitor's address as Express knows it by its setting `trust proxy`. */
  ip?: string | undefined
  /** What a parser has made of the body before. */
  body?: unknown
}

/** The answer to it. */
export interface NodeOutgoing {
  /** Sets a header, or with a list one header line for each value. */
  setHeader(name: string, value: string | string[]): unknown
  /** Sends the answer. */
  end(body?: Uint8Array | string): unknown
  statusCode: number
}

/** How a route is served. */
export interface ListenerOptions<Incoming = NodeIncoming> {
  /**
   * The visitor's address. Behind a load balancer or a CDN only you know which header to trust. @default `ip` as Express has it,
   * else that of the connection
   */
  ipAddress?(incoming: Incoming): string | undefined
}

const first = (list: string | string[] | undefined): string | undefined =>
  `${list ?? ''}`.split(',')[0]?.trim() || undefined

/** The address as browsers see it, told by the proxies before the server. */
const urlOf = ({ headers, socket, originalUrl, url = '/' }: NodeIncoming): URL => {
  const scheme = first(headers['x-forwarded-proto']) ?? (socket?.encrypted ? 'https' : 'http')
  const host = first(headers['x-forwarded-host']) ?? first(headers[':authority']) ?? first(headers.host) ?? 'localhost'
  const path = originalUrl ?? url
  const { pathname, search } = new URL(path.startsWith('/') ? `http://localhost${path}` : path, 'http://localhost')
  return new URL(`${scheme}://${host}${pathname}${search}`)
}

/** The body as it comes. What comes when nobody reads any more is dropped, so that the answer can be received. */
const streamOf = (incoming: NodeIncoming): ReadableStream<Uint8Array<ArrayBuffer>> => {
  let isOver = false
  return new ReadableStream({
    start(controller) {
      const end = (how: () => void) => () => {
        if (!isOver) how()
        isOver = true
      }
      incoming.on('data', (chunk) => {
        if (isOver) return
        controller.enqueue(chunk)
        if ((controller.desiredSize ?? 0) <= 0) incoming.pause()
      })
      const broken = end(() => controller.error(new Error('The connection broke')))
      incoming.on(
        'end',
        end(() => controller.close()),
      )
      incoming.on('close', broken)
      incoming.on('error', broken)
    },
    pull() {
      incoming.resume()
    },
    cancel() {
      isOver = true
      incoming.resume()
    },
  })
}

const bodyOf = (incoming: NodeIncoming): BodyInit => {
  const { body } = incoming
  if (body === undefined) return streamOf(incoming)
  return typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body)
}

const requestOf = (incoming: NodeIncoming): Request => {
  const { method = 'GET', headers } = incoming
  const pairs = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    name.startsWith(':') || value === undefined ? [] : [[name, Array.isArray(value) ? value.join('; ') : value]],
  )
  const hasBody = method !== 'GET' && method !== 'HEAD'
  // A body that comes in parts needs `duplex`, which the types of the web do not know yet.
  const init = { method, headers: pairs, ...(hasBody && { body: bodyOf(incoming), duplex: 'half' }) }
  return new Request(urlOf(incoming), init)
}

const write = async (outgoing: NodeOutgoing, response: Response): Promise<void> => {
  outgoing.statusCode = response.status
  for (const [name, value] of response.headers) if (name !== 'set-cookie') outgoing.setHeader(name, value)
  const cookies = response.headers.getSetCookie()
  if (cookies.length) outgoing.setHeader('set-cookie', cookies)
  outgoing.end(new Uint8Array(await response.arrayBuffer()))
}

/**
 * Serves a route by `node:http`, Express and whatever takes their listeners: `app.all('/offers', nodeListener(proxy))`. Never
 * rejects.
 */
export const nodeListener =
  <Incoming extends NodeIncoming>(proxy: TargetProxy, { ipAddress }: ListenerOptions<Incoming> = {}) =>
  async (incoming: Incoming, outgoing: NodeOutgoing): Promise<void> => {
    const { ip, socket, httpVersionMajor } = incoming
    try {
      const known = ipAddress ? ipAddress(incoming) : (ip ?? socket?.remoteAddress)
      const response = await proxy(requestOf(incoming), known ? { ipAddress: known } : {})
      // Whoever sends more than is read would keep the connection.
      if (!incoming.complete && httpVersionMajor < 2) outgoing.setHeader('connection', 'close')
      await write(outgoing, response)
    } catch {
      // An address that is none, or a method that the web forbids.
      outgoing.statusCode = 400
      outgoing.end()
    }
  }

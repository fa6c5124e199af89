import { invalid, isTargetError, type TargetError } from '../delivery/error.ts'

/** A server that is up. */
export interface Listening {
  /** Its address without a path, such as `http://127.0.0.1:8080`. */
  url: string
  port: number
  /** Ends every connection and frees the port. */
  close(): Promise<void>
}

/** Where a server is to be reached. */
export interface ListenOptions {
  /** `0.0.0.0` lets other machines in. @default '127.0.0.1' */
  hostname?: string
  /** Answers what is none of the edge's business, such as a page that shows what it counts; undefined leaves a request to the edge. */
  also?: (request: Request) => Response | undefined
}

/** What a server hands its requests to. */
export interface Served {
  fetch: (request: Request) => Promise<Response>
  /** Bytes of a body that are worth keeping. */
  maxBodyBytes: number
  also?: ListenOptions['also']
}

// The few members of `node:http` in use, in words of our own: this file is compiled where the types of Node do not exist.
interface Incoming extends AsyncIterable<Uint8Array> {
  method?: string
  url?: string
  headers: Record<string, string | string[] | undefined>
}
interface Outgoing {
  writeHead(status: number, headers: Record<string, string>): void
  write(part: Uint8Array): void
  end(body?: Uint8Array): void
  destroy(): void
  once(event: 'close', listener: () => void): void
}
interface Server {
  listen(port: number, hostname: string): void
  once(event: 'listening' | 'error', listener: (error: Error & { code?: string }) => void): void
  address(): { port: number } | string | null
  close(listener: () => void): void
  closeAllConnections(): void
}
interface NodeHttp {
  createServer(listener: (incoming: Incoming, outgoing: Outgoing) => void): Server
}

const loadHttp = async (): Promise<NodeHttp> => {
  try {
    // A word that the compiler does not look up and bundlers leave alone: only Node ever gets here.
    return await import(/* webpackIgnore: true */ /* @vite-ignore */ 'node:http' as string)
  } catch (cause) {
    throw invalid('listen: needs the HTTP server of Node; elsewhere pass the emulator as fetch', { cause })
  }
}

/** The body, one byte beyond the limit at most; the rest is read and dropped, so that the answer can be received. */
const bodyOf = async (incoming: Incoming, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> => {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of incoming) {
    const part = chunk.subarray(0, Math.max(0, maxBytes + 1 - size))
    size += part.length
    if (part.length) chunks.push(part)
  }
  const body = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    body.set(chunk, at)
    at += chunk.length
  }
  return body
}

const requestOf = async (incoming: Incoming, maxBytes: number): Promise<Request> => {
  const { method = 'GET', url = '/', headers } = incoming
  const body = await bodyOf(incoming, maxBytes)
  const pairs = Object.entries(headers).map(([name, value]): [string, string] => [name, `${value}`])
  const hasBody = method !== 'GET' && method !== 'HEAD' && body.length > 0
  return new Request(`http://${headers.host ?? 'localhost'}${url}`, {
    method,
    headers: pairs,
    ...(hasBody && { body }),
  })
}

const isStream = ({ headers }: Response): boolean => headers.get('content-type') === 'text/event-stream'

/** Writes as it comes, for as long as somebody reads. */
const pour = async ({ status, headers, body }: Response, outgoing: Outgoing): Promise<void> => {
  outgoing.writeHead(status, Object.fromEntries(headers))
  const reader = body?.getReader()
  outgoing.once('close', () => void reader?.cancel())
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) outgoing.write(part.value)
  outgoing.end()
}

const serve = async ({ fetch, maxBodyBytes, also }: Served, incoming: Incoming, outgoing: Outgoing): Promise<void> => {
  try {
    const request = await requestOf(incoming, maxBodyBytes)
    const response = also?.(request) ?? (await fetch(request))
    if (isStream(response)) await pour(response, outgoing)
    else {
      const body = new Uint8Array(await response.arrayBuffer())
      outgoing.writeHead(response.status, Object.fromEntries(response.headers))
      outgoing.end(body)
    }
  } catch {
    outgoing.destroy()
  }
}

const portError = (port: number, { code, message }: Error & { code?: string }): TargetError => {
  if (code === 'EADDRINUSE')
    return invalid(`Port ${port} is taken: choose another with listen(port), or 0 for a free one.`, {
      path: 'port',
      received: port,
    })
  return invalid(`Port ${port} cannot be used: ${message}. Choose another with listen(port), or 0 for a free one.`, {
    path: 'port',
    received: port,
  })
}

const opened = (server: Server, port: number, hostname: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const refuse = (error: unknown) => reject(isTargetError(error) ? error : portError(port, error as Error))
    server.once('error', refuse)
    server.once('listening', () => resolve())
    try {
      server.listen(port, hostname)
    } catch (error) {
      refuse(error)
    }
  })

/** Serves over HTTP. Throws a {@link TargetError} `INVALID_ARGUMENT` when the port cannot be used. */
export const listen = async (
  served: Served,
  port: number,
  { hostname = '127.0.0.1', also }: ListenOptions = {},
): Promise<Listening> => {
  const { createServer } = await loadHttp()
  const server = createServer((incoming, outgoing) => void serve({ ...served, also }, incoming, outgoing))
  await opened(server, port, hostname)
  const address = server.address()
  const open = typeof address === 'object' && address ? address.port : port
  return {
    url: `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${open}`,
    port: open,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server does with a request. */
export type Act = (request: IncomingMessage, response: ServerResponse) => void

/** Sends a body, whole. */
export const send =
  (body: string | Uint8Array, headers: Record<string, string> = {}, status = 200): Act =>
  (_, response) => {
    response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers })
    response.end(body)
  }

/** An artifact that the tests tell apart by its name. */
export const artifact = (name: string, more: object = {}) => ({ version: '1.0.0', name, ...more })

/** Serves an artifact by its ETag, as the CDN does. */
export const rules =
  (name: string, etag = `"${name}"`): Act =>
  (request, response) => {
    if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end()
    else send(JSON.stringify(artifact(name)), { etag })(request, response)
  }

export const status = (code: number, headers: Record<string, string> = {}): Act =>
  send('<Error>no</Error>', headers, code)

/** Breaks the connection in the middle of the body. */
export const cut: Act = (_, response) => {
  const body = JSON.stringify(artifact('cut', { padding: 'x'.repeat(100_000) }))
  response.writeHead(200, { 'content-length': body.length })
  response.write(body.slice(0, 50_000), () => setImmediate(() => response.destroy()))
}

/** Breaks it where nobody said how long the body is: all that came looks like all there is. */
export const cutSilently: Act = ({ socket }) => {
  socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${JSON.stringify(artifact('cut')).slice(0, -5)}`)
}

/** Never answers. */
export const silence: Act = () => {}

/** A CDN that writes down what arrives and does as it is told: each act in turn, the last one for ever. */
export const startRulesServer = async () => {
  const requests: { method: string; path: string; headers: IncomingMessage['headers']; at: number }[] = []
  let acts: Act[] = [rules('first')]
  let aborted = 0
  const create = () =>
    createServer((request, response) => {
      requests.push({ method: `${request.method}`, path: `${request.url}`, headers: request.headers, at: Date.now() })
      response.on('close', () => {
        if (!response.writableFinished) aborted++
      })
      const act = acts.length > 1 ? acts.shift() : acts[0]
      act?.(request, response)
    })
  let server = create()
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    /** Connections that ended before the answer did. */
    aborted: () => aborted,
    act: (...next: Act[]) => {
      acts = next
    },
    stop,
    /** Comes back at the same address. */
    restart: () => {
      server = create()
      return listen(port)
    },
  }
}

export type RulesServer = Awaited<ReturnType<typeof startRulesServer>>

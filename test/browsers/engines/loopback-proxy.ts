import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls'
import { createCertificate } from './certificate.ts'
import type { PortOf } from './engine.ts'

const LOOPBACK = '127.0.0.1'
const TLS_HANDSHAKE = 0x16

export interface LoopbackProxy {
  readonly port: number
  close(): Promise<void>
}

const join = (one: Duplex, other: Duplex): void => {
  one.on('error', () => other.destroy()).on('close', () => other.destroy())
  other.on('error', () => one.destroy()).on('close', () => one.destroy())
  one.pipe(other).pipe(one)
}

const relay = (incoming: IncomingMessage, response: ServerResponse, portOf: PortOf): void => {
  const url = new URL(incoming.url ?? '')
  const onward = request({
    host: LOOPBACK,
    port: portOf(url.hostname, Number(url.port || 80)),
    method: incoming.method,
    path: url.pathname + url.search,
    headers: incoming.headers,
  })
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
    answer.pipe(response)
  })
  onward.on('error', (error) => {
    if (response.headersSent) response.destroy()
    else response.writeHead(502).end(`${url.host}: ${error.message}`)
  })
  response.on('close', () => onward.destroy())
  incoming.pipe(onward)
}

/** What comes through a tunnel is either TLS, which ends here, or plain HTTP, such as a WebSocket's handshake. */
const tunnel = (client: Duplex, port: number, secureContext: SecureContext): void => {
  client.once('data', (chunk: Buffer) => {
    client.pause()
    client.unshift(chunk)
    const plain =
      chunk[0] === TLS_HANDSHAKE ? new TLSSocket(client as Socket, { isServer: true, secureContext }) : client
    join(plain, connect(port, LOOPBACK))
  })
  client.on('error', () => client.destroy())
  client.write('HTTP/1.1 200 OK\r\n\r\n')
}

/** A forward proxy for every host name there is, that never leaves this machine. */
const startLoopbackProxy = async (portOf: PortOf): Promise<LoopbackProxy> => {
  const secureContext = createSecureContext(createCertificate())
  const sockets = new Set<Duplex>()
  const server = createServer((incoming, response) => relay(incoming, response, portOf))
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('connect', (incoming, socket) => {
    const target = new URL(`http://${incoming.url}`)
    // URL drops the port that is http's own.
    tunnel(socket, portOf(target.hostname, Number(target.port || 80)), secureContext)
  })
  server.listen(0, LOOPBACK)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Some browsers send these through a proxy and some do not; they mean the same in all of them. */
const isLocal = (name: string): boolean => name === 'localhost' || name === LOOPBACK

/** No proxy at all unless it was asked for: it is one more thing between the page and its server. */
export const proxyFor = async (hosts: 'loopback' | PortOf | undefined): Promise<LoopbackProxy | undefined> => {
  if (hosts === undefined) return undefined
  return startLoopbackProxy((name, port) => (hosts === 'loopback' || isLocal(name) ? port : hosts(name, port)))
}

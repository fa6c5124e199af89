import { Agent, createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Answer, acts, type Call, pass, reset } from './fault-acts.ts'
import type { Fault, Plan } from './fault-plan.ts'

/** What became of a call. */
export interface ProxiedCall {
  fault: Fault | undefined
  sessionId: string
  /** When it arrived, in ms of `performance.now()`. */
  at: number
  /** How many times the edge was asked. */
  reached: number
  /** Ids of the notifications in it; none when the body was not read. */
  notifications: string[]
  bytes: number
}

/** How the faults look. */
export interface FaultProxyOptions {
  /** Address of the edge, such as `http://127.0.0.1:8080`. */
  edge: string
  plan: Plan
  /** Seconds that 429 and 503 ask for. @default 1 */
  retryAfter?: number
  /** How long a slow reply takes, in ms. @default 1000 */
  drip?: number
  /** How long a call hangs before its connection breaks, in ms. @default for good */
  hang?: number
  /** Bodies of so many bytes are never too long: a 413 lets them pass. @default 0 */
  smallest?: number
}

/** A proxy that is up. */
export interface FaultProxy {
  url: string
  port: number
  /** Everything that was posted, oldest first. */
  readonly calls: readonly ProxiedCall[]
  /** Goes on by another plan. */
  use(plan: Plan): void
  /** Ends every connection and frees the port. */
  close(): Promise<void>
}

/** Headers that are about one connection. */
const OF_THE_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date', 'expect']

const onward = <Headers extends object>(headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_HOP.includes(name))) as Headers

const read = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const idsIn = (body: Buffer): string[] => {
  try {
    const { notifications = [] }: { notifications?: { id: string }[] } = JSON.parse(body.toString())
    return notifications.map(({ id }) => id)
  } catch {
    return []
  }
}

const ask = (
  edge: string,
  { url = '/', method, headers }: IncomingMessage,
  { body, agent }: { body: Buffer; agent: Agent },
) =>
  new Promise<Answer>((resolve, reject) => {
    const outgoing = send(new URL(url, edge), {
      agent,
      method: `${method}`,
      headers: { ...onward(headers), 'content-length': body.length },
    })
    outgoing.on('error', reject)
    outgoing.on('response', (reply) => {
      const { statusCode: status = 500, headers } = reply
      read(reply).then((body) => resolve({ status, headers: onward(headers), body }), reject)
    })
    outgoing.end(body)
  })

/** Starts a proxy in front of an edge that does with every call as its plan says. */
export const startFaultProxy = async (options: FaultProxyOptions): Promise<FaultProxy> => {
  const { edge, retryAfter = 1, drip = 1000, hang = Infinity, smallest = 0 } = options
  const agent = new Agent({ keepAlive: true })
  const calls: ProxiedCall[] = []
  let { plan } = options

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const isCall = request.method === 'POST'
    const sessionId = new URL(`${request.url}`, edge).searchParams.get('sessionId') ?? ''
    const fault = isCall ? plan(sessionId) : undefined
    const record: ProxiedCall = { fault, sessionId, at: performance.now(), reached: 0, notifications: [], bytes: 0 }
    if (isCall) calls.push(record)
    if (record.fault === 'reset-before') {
      reset(request)
      return
    }
    const body = await read(request)
    Object.assign(record, { notifications: idsIn(body), bytes: body.length })
    if (record.fault === '413' && body.length <= smallest) record.fault = undefined
    const forward = () => {
      record.reached++
      return ask(edge, request, { body, agent })
    }
    const call: Call = { request, response, retryAfter, drip, hang, forward }
    if (record.fault) await acts[record.fault](call)
    else pass(call, await forward())
  }

  const server = createServer((request, response) => {
    // Whoever calls may go away at any moment; so may an edge that is closed.
    serve(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    calls,
    use(next) {
      plan = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
        agent.destroy()
      }),
  }
}

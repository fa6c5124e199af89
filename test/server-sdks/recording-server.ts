import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DeliveryRequest } from '../../src/server.ts'

/** A request as it arrived. */
export interface Recorded {
  method: string
  /** Host that the client meant, with its port if it named one. */
  host: string
  /** Scheme that the client meant. */
  scheme: string
  path: string
  query: Record<string, string>
  headers: IncomingHttpHeaders
  text: string
  body: DeliveryRequest
  /** When it arrived, epoch ms. */
  at: number
  /** True once the client went away before the answer. */
  aborted: boolean
}

/** What the server does with a request. */
export interface Answer {
  status?: number
  /** Sent as JSON, or as it is when it is text. */
  body?: unknown
  headers?: Record<string, string>
  /** ms before the answer. */
  delay?: number
  /** Breaks the connection instead. */
  destroy?: boolean
}

export type Answerer = Answer | ((recorded: Recorded, count: number) => Answer)

/** Header in which {@link RecordingServer.fetchApi} notes where a request was meant to go. */
const INTENDED = 'x-intended-url'

const send = (response: ServerResponse, { status = 200, body = {}, headers = {}, destroy }: Answer) => {
  if (destroy) return response.destroy()
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  return response.end(status === 204 ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
}

/** Starts a Delivery API that writes down what arrives and answers as it is told: each answer in turn, the last one for ever. */
export const startRecordingServer = async () => {
  const requests: Recorded[] = []
  let answers: Answerer[] = [{}]
  let count = 0

  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const url = new URL((request.headers[INTENDED] as string) ?? `http://${request.headers.host}${request.url}`)
    const recorded: Recorded = {
      method: request.method ?? '',
      host: url.host,
      scheme: url.protocol.slice(0, -1),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      text,
      body: text ? JSON.parse(text) : undefined,
      at: Date.now(),
      aborted: false,
    }
    requests.push(recorded)
    response.on('close', () => {
      recorded.aborted = !response.writableFinished
    })
    const next = (answers.length > 1 ? answers.shift() : answers[0]) as Answerer
    const answer = typeof next === 'function' ? next(recorded, ++count) : next
    if (answer.delay) setTimeout(() => send(response, answer), answer.delay)
    else send(response, answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `127.0.0.1:${(server.address() as AddressInfo).port}`

  /** Goes to this server whatever host is asked for, and says there which one it was. */
  const fetchApi = (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const { pathname, search } = new URL(`${input}`)
    const headers = { ...(init.headers as Record<string, string>), [INTENDED]: `${input}` }
    return fetch(`http://${origin}${pathname}${search}`, { ...init, headers })
  }

  return {
    /** For `serverDomain`, with `secure: false`. */
    domain: origin,
    requests,
    fetchApi,
    /** The only request so far; several or none are an error. */
    only: (): Recorded => {
      if (requests.length !== 1) throw new Error(`one request expected, ${requests.length} arrived`)
      return requests[0] as Recorded
    },
    last: (): Recorded => {
      const last = requests.at(-1)
      if (!last) throw new Error('no request arrived')
      return last
    },
    /** Says what the next requests get. */
    answer: (...next: Answerer[]) => {
      answers = next
    },
    /** Forgets requests and answers. */
    reset: () => {
      requests.length = 0
      answers = [{}]
      count = 0
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export type RecordingServer = Awaited<ReturnType<typeof startRecordingServer>>

/** A real HTTP server that writes down what arrives and answers as told: the wire, seen from the other end. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DeliveryRequest } from '../../src/delivery/request.ts'

/** One call as it arrived. */
export interface Arrival {
  method: string
  /** Path and query, not decoded. */
  url: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  text: string
  /** The parsed body; `{}` when it is no JSON. */
  body: DeliveryRequest
  /** Resolves with true when the caller broke the connection off before it was answered. */
  broken: Promise<boolean>
}

/** What to answer; `body` is written as JSON, `text` as it is. */
export interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: unknown
  text?: string
  /** ms */
  delay?: number
  /** Breaks the connection off instead. */
  reset?: boolean
  /** Never answers. */
  hang?: boolean
}

export type Respond = (arrival: Arrival, index: number) => Answer

/** What an edge answers that has no offers: it acknowledges every notification. */
export const plain: Respond = ({ body }) => ({
  body: {
    status: 200,
    requestId: body.requestId,
    client: 'acme',
    ...(body.notifications && { notifications: body.notifications.map(({ id }) => ({ id })) }),
  },
})

/** Answers with these members beside the usual ones. */
export const answering =
  (members: object): Respond =>
  (arrival, index) => ({ body: { ...(plain(arrival, index).body as object), ...members } })

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

const parsed = (text: string): DeliveryRequest => {
  try {
    return JSON.parse(text)
  } catch {
    return {} as DeliveryRequest
  }
}

const write = (response: ServerResponse, { status = 200, headers = {}, body, text, reset, hang }: Answer): void => {
  if (hang) return
  if (reset) {
    response.destroy()
    return
  }
  const content = text ?? (body === undefined ? '' : JSON.stringify(body))
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(status === 204 ? undefined : content)
}

/** Starts a recorder on a free port. */
export const startRecorder = async () => {
  let respond: Respond = plain
  let arrivals: Arrival[] = []
  let open = 0
  let widest = 0

  const server = createServer(async (request, response) => {
    widest = Math.max(widest, ++open)
    const broken = new Promise<boolean>((resolve) => {
      response.on('close', () => {
        open--
        resolve(!response.writableFinished)
      })
    })
    const text = await textOf(request)
    const { method = '', url = '', headers } = request
    const query = new URL(url, 'http://recorder').searchParams
    const arrival: Arrival = { method, url, query, headers, text, body: parsed(text), broken }
    const answer = respond(arrival, arrivals.push(arrival) - 1)
    if (answer.delay) await new Promise((resolve) => setTimeout(resolve, answer.delay))
    write(response, answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `localhost:${(server.address() as AddressInfo).port}`

  return {
    host,
    /** Everything that arrived, in order. */
    get arrivals() {
      return arrivals
    },
    /** Bodies of everything that arrived. */
    get bodies() {
      return arrivals.map(({ body }) => body)
    },
    /** The one call that arrived; throws when there were more, or none. */
    get only(): Arrival {
      if (arrivals.length !== 1) throw new Error(`${arrivals.length} calls arrived`)
      return arrivals[0] as Arrival
    },
    /** The last call that arrived. */
    get last(): Arrival {
      return arrivals[arrivals.length - 1] as Arrival
    },
    /** The most calls that were open at one time. */
    get widest() {
      return widest
    },
    /** Answers from now on. */
    answer(next: Respond | Answer) {
      respond = typeof next === 'function' ? next : () => next
    },
    /** Answers one after the other, then as usual. */
    answers(...list: Answer[]) {
      respond = (arrival, index) => list[index] ?? plain(arrival, index)
    },
    /** Forgets everything. */
    clear() {
      arrivals = []
      widest = 0
      respond = plain
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export type Recorder = Awaited<ReturnType<typeof startRecorder>>

/** A `fetch` that notes where each call was meant to go and takes it to the recorder instead. */
export const detour = ({ host }: Recorder) => {
  const urls: URL[] = []
  const fetchApi: typeof fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    urls.push(url)
    return fetch(`http://${host}${url.pathname}${url.search}`, init)
  }
  return { urls, fetchApi }
}

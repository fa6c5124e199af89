import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Fault } from './fault-plan.ts'

/** What the edge has answered. */
export interface Answer {
  status: number
  headers: OutgoingHttpHeaders
  body: Buffer
}

/** A call whose body was read. */
export interface Call {
  request: IncomingMessage
  response: ServerResponse
  /** Seconds that 429 and 503 ask for. */
  retryAfter: number
  /** How long a slow reply takes, in ms. */
  drip: number
  /** How long a call hangs before its connection breaks, in ms. */
  hang: number
  /** Sends the call to the edge; each time once more. */
  forward(): Promise<Answer>
}

/** Long enough for what was written to arrive before the connection breaks, in ms. */
const ARRIVAL = 20

/** Breaks the connection with a TCP reset. */
export const reset = ({ socket }: IncomingMessage): void => void socket.resetAndDestroy()

/** A browser shows an answer to a page of another origin only with these. */
const corsOf = ({ headers: { origin } }: IncomingMessage): OutgoingHttpHeaders =>
  origin === undefined
    ? {}
    : {
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'retry-after',
        vary: 'Origin',
      }

/** Begins an answer that promises so many bytes; a 204 has none, and must not say so. */
const head = ({ response }: Call, { status, headers }: Answer, length: number) =>
  response.writeHead(status, status === 204 ? headers : { ...headers, 'content-length': length })

/** Hands on what the edge has answered. */
export const pass = (call: Call, answer: Answer): void => void head(call, answer, answer.body.length).end(answer.body)

const own = (
  { request, response }: Call,
  status: number,
  { text, ...headers }: { text: string; [name: string]: string },
) =>
  void response
    .writeHead(status, { 'content-length': Buffer.byteLength(text), ...corsOf(request), ...headers })
    .end(text)

const page = (title: string) => ({
  text: `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
  'content-type': 'text/html',
})
const said = (status: number, message: string) => ({
  text: JSON.stringify({ status, message }),
  'content-type': 'application/json',
})

/** The answer with other acknowledgements; one that has none stays as it is. */
const reworded = (answer: Answer, change: (acknowledged: unknown[]) => unknown[]): Answer => {
  if (!answer.body.length) return answer
  const said: { notifications?: unknown[] } = JSON.parse(answer.body.toString())
  if (!Array.isArray(said.notifications)) return answer
  return { ...answer, body: Buffer.from(JSON.stringify({ ...said, notifications: change(said.notifications) })) }
}

const passReworded = async (call: Call, change: (acknowledged: unknown[]) => unknown[]): Promise<void> =>
  pass(call, reworded(await call.forward(), change))

/** Sends the head of an answer and a part of its body, and waits until they have arrived. Without a body there is no part. */
const begin = async (call: Call, answer: Answer, part: Buffer): Promise<void> => {
  const { response } = call
  if (!answer.body.length) return
  head(call, answer, Math.max(answer.body.length, part.length + 1)).flushHeaders()
  response.write(part)
  await pause(ARRIVAL)
}

const dripped = async (call: Call, answer: Answer): Promise<void> => {
  const { response, drip } = call
  const { body } = answer
  head(call, answer, body.length)
  const step = Math.max(1, Math.ceil(body.length / 100))
  for (let at = 0; at < body.length && !response.destroyed; at += step) {
    response.write(body.subarray(at, at + step))
    await pause((drip * step) / body.length)
  }
  response.end()
}

const hung = ({ request, hang }: Call): void => {
  if (hang < Infinity) setTimeout(reset, hang, request).unref()
}

/** What is done for each fault; `reset-before` is done before the body is read. */
export const acts: Record<Exclude<Fault, 'reset-before'>, (call: Call) => Promise<void> | void> = {
  'reset-during': ({ request }) => reset(request),
  'reset-during-counted': async ({ request, forward }) => {
    await forward()
    reset(request)
  },
  'reset-after': async (call) => {
    const answer = await call.forward()
    await begin(call, answer, answer.body.subarray(0, answer.body.length >> 1))
    reset(call.request)
  },
  hang: hung,
  'hang-counted': async (call) => {
    await call.forward()
    hung(call)
  },
  '413': (call) => own(call, 413, page('413 Request Entity Too Large')),
  '420': (call) => own(call, 420, said(420, 'Too many requests with same session ID')),
  '429': (call) => own(call, 429, { ...said(429, 'Too many requests'), 'retry-after': `${call.retryAfter}` }),
  '500': (call) => own(call, 500, said(500, 'Internal error')),
  '502': (call) => own(call, 502, page('502 Bad Gateway')),
  '503': (call) => own(call, 503, { ...page('503 Service Unavailable'), 'retry-after': `${call.retryAfter}` }),
  truncated: async (call) => {
    const answer = await call.forward()
    // The text is whole, and yet more was promised.
    await begin(call, answer, answer.body)
    call.request.socket.end()
  },
  malformed: async (call) => {
    const { body } = await call.forward()
    own(call, 200, { text: `${body.toString().slice(0, -1)},,`, 'content-type': 'application/json' })
  },
  html: (call) => own(call, 200, page('Please sign in')),
  partial: (call) => passReworded(call, (all) => all.slice(0, all.length >> 1)),
  'other-order': (call) => passReworded(call, (all) => [...all].reverse()),
  duplicated: (call) => passReworded(call, (all) => [...all, ...all]),
  slow: async (call) => dripped(call, await call.forward()),
  redelivered: async (call) => {
    await call.forward()
    pass(call, await call.forward())
  },
}

import type { DeliveryResponse } from '../../src/delivery/response.ts'

type Fetch = (input: string, init: RequestInit) => Promise<Response>

let sessions = 0

/** A session that no other test uses. */
export const newSession = () => `session-${++sessions}`

/** The part of an answer that tests look at; all of it may be missing on the wire. */
export type Answered = DeliveryResponse & { message?: string }

export interface CallOptions {
  session?: string
  host?: string
  tenant?: string
}

/** What goes over the wire, and nothing that writes it: a URL, a body, `fetch`. */
export const post = (edge: Fetch, body: object, options: CallOptions = {}): Promise<Response> => {
  const { session = newSession(), host = 'acme.tt.omtrdc.net', tenant = 'client=acme' } = options
  const url = `https://${host}/rest/v1/delivery?${tenant}&sessionId=${session}`
  return edge(url, { method: 'POST', body: JSON.stringify({ context: { channel: 'web' }, ...body }) })
}

/** The same, with its answer read. */
export const ask = async (edge: Fetch, body: object, options: CallOptions = {}): Promise<Answered> => {
  const response = await post(edge, body, options)
  return (await response.json()) as Answered
}

/** A request for mboxes in order. */
export const named = (...names: string[]) => ({ mboxes: names.map((name, index) => ({ index, name })) })

/** A notification that says what it must, and what is given. */
export const said = (id: string, more: object = {}) => ({ id, type: 'display', timestamp: Date.now(), ...more })

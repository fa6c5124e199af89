import type { AnyEvent } from '../client/events.ts'
import type { TargetError } from '../delivery/error.ts'
import type { Notification } from '../delivery/notification.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'

/** One call for offers or with notifications, or one decision of the device. Times in ms since the page began. */
export interface Call {
  id: number
  /** `earlier`: it was made before anybody listened, and only its time is known. */
  kind: 'offers' | 'notifications' | 'earlier'
  where: 'edge' | 'device' | 'beacon' | 'server'
  at: number
  end?: number
  url?: string
  /** The JSON text as sent. */
  body?: string
  /** The JSON text as it came. */
  text?: string
  status?: number
  /** Attempts that failed. */
  failures: number
  error?: TargetError
  request?: DeliveryRequest
  response?: DeliveryResponse
  notifications?: readonly Notification[]
}

/**
 * `waiting` to be collected, `sending`, `held` until the way is free or somebody confirms a beacon, `acknowledged`, `refused` for good, or
 * `dropped`.
 */
export type QueueState = 'waiting' | 'sending' | 'held' | 'acknowledged' | 'refused' | 'dropped'

/** A notification, and what became of it. */
export interface Queued {
  notification: Notification
  state: QueueState
  at: number
  /** How often it left. */
  attempts: number
  /** Why it is where it is. */
  why?: string
}

/** What has been heard of a client. */
export interface Journal {
  /** In the order in which they were made. */
  calls: Call[]
  /** By id, in the order in which they were queued. */
  queue: Map<string, Queued>
  warnings: { at: number; message: string }[]
  /** The rules by which the device decides. */
  artifact?: unknown
}

const reasonOf = (error: unknown): string => (error as Error)?.message ?? String(error)

/** What an event says of notifications: which ones, where they are now, and why. */
const moveOf = (event: AnyEvent): { of: readonly Notification[]; state: QueueState; why?: string } | undefined => {
  switch (event.type) {
    case 'notificationQueued':
      return { of: [event.notification], state: 'waiting' }
    case 'notificationBatch':
      return event.way === 'beacon'
        ? {
            of: event.notifications,
            state: 'held',
            why: 'handed to the browser, which tells nobody what becomes of it',
          }
        : { of: event.notifications, state: 'sending' }
    case 'notificationRetry': {
      const seconds = (event.wait / 1000).toFixed(1)
      return { of: event.notifications, state: 'held', why: `again in ${seconds} s: ${reasonOf(event.error)}` }
    }
    case 'notificationSent':
      return { of: [event.notification], state: 'acknowledged' }
    case 'notificationRejected':
      return { of: [event.notification], state: 'refused', why: reasonOf(event.error) }
    case 'notificationDropped':
      return { of: [event.notification], state: 'dropped', why: `dropped: ${event.reason}` }
    default:
      return undefined
  }
}

/** Moves notifications to where an event says they are. */
const move = ({ queue }: Journal, at: number, event: AnyEvent): void => {
  const { of = [], state = 'waiting', why } = moveOf(event) ?? {}
  for (const notification of of) {
    const { at: since = at, attempts = 0 } = queue.get(notification.id) ?? {}
    queue.set(notification.id, {
      notification,
      state,
      at: since,
      attempts: attempts + (event.type === 'notificationBatch' ? 1 : 0),
      ...(why !== undefined && { why }),
    })
  }
}

/** Keeps a journal of what a client tells. */
export const createRecord = (now: () => number, onChange: () => void) => {
  const journal: Journal = { calls: [], queue: new Map(), warnings: [] }
  let count = 0

  const add = (call: Omit<Call, 'id' | 'failures'>): Call => {
    const made = { id: ++count, failures: 0, ...call }
    journal.calls.push(made)
    return made
  }
  const byRequest = new Map<DeliveryRequest, Call>()
  /** Says more of a call; one that began before anybody listened is not known. */
  const amend = (request: DeliveryRequest, more: Partial<Call>): void => {
    Object.assign(byRequest.get(request) ?? {}, more)
  }

  const follow = async (call: Call, answer: Promise<DeliveryResponse>): Promise<void> => {
    try {
      const response = await answer
      Object.assign(call, { response, status: response.status ?? 200 })
    } catch (error) {
      Object.assign(call, { error, status: (error as TargetError).status })
    }
    call.end = now()
    onChange()
  }

  const hearCall = (at: number, event: AnyEvent): void => {
    switch (event.type) {
      case 'request': {
        const { url, body, request } = event
        byRequest.set(request, add({ kind: 'offers', where: 'edge', at, url, body, request }))
        break
      }
      case 'response': {
        const { request, response, text, status } = event
        amend(request, { end: at, response, text, status })
        break
      }
      case 'attemptFailed': {
        const { failures = 0 } = byRequest.get(event.request) ?? {}
        amend(event.request, { failures: failures + 1 })
        break
      }
      case 'requestFailed': {
        const { request, error } = event
        amend(request, { end: at, error, ...(error.status && { status: error.status }) })
        break
      }
      case 'decided': {
        const { request, response, execution } = event
        add({ kind: 'offers', where: 'device', at: at - execution, end: at, request, response, status: 200 })
        break
      }
      case 'notificationBatch': {
        const { notifications, way, url, body, answer } = event
        const where = way === 'beacon' ? 'beacon' : 'edge'
        const call = add({ kind: 'notifications', where, at, url, body, notifications })
        if (answer) void follow(call, answer)
        else call.end = at
      }
    }
  }

  return {
    journal,
    add,
    /** Takes an event that came `at` so many ms after the page began. */
    hear(at: number, event: AnyEvent): void {
      hearCall(at, event)
      move(journal, at, event)
      if (event.type === 'warning') journal.warnings.push({ at, message: event.message })
      if (event.type === 'artifactDownloadSucceeded') journal.artifact = event.artifactPayload
      onChange()
    },
  }
}

export type Record = ReturnType<typeof createRecord>

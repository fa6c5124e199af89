import { afterAll, afterEach, beforeAll, vi } from 'vitest'
import { TargetClient as BrowserClient } from '../../src/browser.ts'
import type { Client, ClientOptions, TargetClientStatic, TargetError } from '../../src/server.ts'
import { TargetClient } from '../../src/server.ts'
import { detour, type Recorder, startRecorder } from './recorder.ts'

const ACCOUNT = { client: 'acme', organizationId: 'X@AdobeOrg' } as const

/** What a client told its listeners. */
interface Told {
  warnings: string[]
  rejected: { id: string; error: unknown }[]
  sent: string[]
}

/** A recorder for the tests of a file, and clients that talk to it. */
export const useEdge = () => {
  let recorder: Recorder
  const clients: Client[] = []
  beforeAll(async () => {
    recorder = await startRecorder()
  })
  afterEach(async () => {
    recorder.clear()
    await Promise.all(clients.splice(0).map((client) => client.close()))
    vi.unstubAllGlobals()
    recorder.clear()
  })
  afterAll(() => recorder.close())

  const create = (options: Partial<ClientOptions>, maker: TargetClientStatic = TargetClient) => {
    const told: Told = { warnings: [], rejected: [], sent: [] }
    const client = maker.create({ ...ACCOUNT, notificationDelay: 60_000, ...options })
    client.on('warning', ({ message }) => told.warnings.push(message))
    client.on('notificationRejected', ({ notification, error }) => told.rejected.push({ id: notification.id, error }))
    client.on('notificationSent', ({ notification }) => told.sent.push(notification.id))
    clients.push(client)
    return Object.assign(client, { told })
  }

  return {
    get recorder() {
      return recorder
    },
    /** A client of the recorder. */
    client: (options: Partial<ClientOptions> = {}) =>
      create({ serverDomain: recorder.host, secure: false, ...options }),
    /** A client of Adobe's hosts, whose calls are taken to the recorder; `urls` says where they were meant to go. */
    hosted(options: Partial<ClientOptions> = {}) {
      const { urls, fetchApi } = detour(recorder)
      return { target: create({ fetchApi, ...options }), urls }
    },
    /** A client as a page has it; open the page first. */
    browser(options: Partial<ClientOptions> = {}) {
      const local = { serverDomain: recorder.host, secure: false }
      return create({ ...local, ...options }, BrowserClient)
    },
  }
}

/** What a promise rejects with. */
export const failureOf = async (promise: Promise<unknown>): Promise<TargetError> => {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: TargetError) => ({ error }),
  )
  if ('error' in outcome) return outcome.error
  throw new Error(`resolved with ${JSON.stringify(outcome.value).slice(0, 200)}`)
}

/** An input that the types would not let through. */
export const loosely = <Type>(value: unknown): Type => value as Type

/** Epoch seconds, as cookies count. */
export const inSeconds = (seconds: number): number => Math.ceil(Date.now() / 1000) + seconds

/** A visitor's `mbox` cookie. */
export const cookieOf = (sessionId: string, tntId?: string): string =>
  [`session#${sessionId}#${inSeconds(1000)}`, ...(tntId ? [`PC#${tntId}#${inSeconds(90_000)}`] : [])].join('|')

/** An asked-for mbox, for tests in which any request will do. */
export const HERO = { execute: { mboxes: [{ name: 'hero' }] } }

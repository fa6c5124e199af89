import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type ClientOptions, type Notification, TargetClient, type TargetError } from '../../src/server.ts'
import { loadAdobe } from './adobe.ts'
import { type RecordingServer, startRecordingServer } from './recording-server.ts'

export const ORG = 'ORG@AdobeOrg'
/** An expiry far ahead, in epoch seconds. */
export const LATER = 9596233214
/** An id made by the client. */
export const FRESH = /^[\da-f]{32}$/
export const SDID = /^[0-7][\dA-F]{15}-[0-7][\dA-F]{15}$/
export const request = { execute: { mboxes: [{ name: 'home' }] } }

export const notification: Notification = {
  id: 'n-1',
  type: 'display',
  timestamp: 1_600_000_000_000,
  mbox: { name: 'home', state: 'STATE' },
  tokens: ['TOKEN'],
}

/** A recording server for the tests of a file, and clients that talk to it; telemetry is off unless it is asked for. */
export const createWorld = () => {
  let started: RecordingServer | undefined
  const server = (): RecordingServer => {
    if (!started) throw new Error('the server runs only inside of tests')
    return started
  }
  const base = { client: 'acme', organizationId: ORG, telemetryEnabled: false }

  beforeAll(async () => {
    started = await startRecordingServer()
  })
  beforeEach(() => server().reset())
  afterAll(() => server().close())

  return {
    get server() {
      return server()
    },
    /** Talks to the server by the runtime's own fetch. */
    client: (options: Partial<ClientOptions> = {}) =>
      TargetClient.create({ ...base, serverDomain: server().domain, secure: false, ...options }),
    /** Talks to whatever host it means to; the server hears which. */
    hosted: (options: Partial<ClientOptions> = {}) =>
      TargetClient.create({ ...base, fetchApi: server().fetchApi, ...options }),
    /** Adobe's SDK, fresh, for several clients. */
    adobeSdk: loadAdobe,
    /** A client of Adobe's SDK, as `hosted`. */
    adobe: (options: Partial<ClientOptions> = {}) =>
      loadAdobe().create({ ...base, fetchApi: server().fetchApi, ...options }),
  }
}

/** The error of a promise; a promise that resolves fails the test. */
export const failureOf = (promise: Promise<unknown>): Promise<TargetError> =>
  promise.then(
    (value) => {
      throw new Error(`it resolved: ${JSON.stringify(value)?.slice(0, 200)}`)
    },
    (error) => error,
  )

import {
  AsyncLocalStorageTransactionContextPropagator,
  type EvaluationContext,
  type EvaluationDetails,
  type JsonValue,
  OpenFeature as ServerSdk,
} from '@openfeature/server-sdk'
import { OpenFeature as WebSdk } from '@openfeature/web-sdk'
import { onTestFinished, vi } from 'vitest'
import { TargetClient as PageClient } from '../../src/browser.ts'
import type { OffersFile } from '../../src/emulator.ts'
import { serverProvider, webProvider } from '../../src/openfeature.ts'
import { type ClientOptions, TargetClient } from '../../src/server.ts'
import { openPage } from '../delivery-api/page.ts'
import { type Arrived, openEdge, passTime } from './world.ts'

/** Where attributes may be added, the first of the least weight. */
export const LEVELS = ['API', 'Transaction', 'Client', 'Invocation', 'Before Hooks'] as const
export type Level = (typeof LEVELS)[number]

/** A flag that is read. */
export interface Reading {
  kind: string
  key: string
  fallback: JsonValue
  contexts: Record<Level, EvaluationContext>
  hooks: object[]
}

/** One of the SDKs with its provider. */
export interface Side {
  /** `stable`, `not ready`, `error`, `fatal` or `stale`. */
  start(state: string, api: EvaluationContext): Promise<void>
  status(): string
  read(reading: Reading): Promise<EvaluationDetails<JsonValue>>
  calls(): Arrived[]
}

export interface SideSetup {
  method: 'on-device' | 'server-side'
  offers: OffersFile
}

let count = 0

/** Flags are mboxes of their names. */
const place = (mbox: string) => ({ mbox, key: 'value' })

/** An edge, and what makes its rules such that a provider gets into a state. */
const prepare = async (state: string, { method, offers }: SideSetup) => {
  const { edge, options, calls } = await openEdge({ offers })
  const client: ClientOptions = { ...options, decisioningMethod: method, retries: 0 }
  const poll = async () => {
    edge.fail({ status: 404 })
    const before = edge.requests.length
    await passTime(() => edge.requests.length > before)
  }
  if (state === 'stale') {
    // No connection must notice that minutes are skipped.
    Object.assign(client, { fetchApi: edge })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
  }
  if (state === 'not ready') edge.fail({ delay: 600_000 })
  // A missing file and a broken edge may be better tomorrow.
  if (state === 'error') edge.fail({ status: method === 'on-device' ? 404 : 500 })
  return { client, calls, poll }
}

/** Brings a provider into a state, with the functions of its SDK. */
const bring = async (
  state: string,
  { wait, set, close, poll, status }: Record<'wait' | 'set' | 'close' | 'poll', () => unknown> & { status(): string },
) => {
  if (state === 'fatal') await close()
  if (state === 'not ready') set()
  else if (state === 'stable' || state === 'stale') await wait()
  else await Promise.resolve(wait()).catch(() => {})
  if (state === 'stale') {
    await poll()
    await vi.waitUntil(() => status() === 'STALE')
  }
}

export const openServerSide = (setup: SideSetup): Side => {
  const domain = `server side ${++count}`
  const flags = ServerSdk.getClient(domain)
  let arrived: () => Arrived[] = () => []
  const status = () => `${flags.providerStatus}`
  return {
    status,
    calls: () => arrived(),
    async start(state) {
      const { client, calls, poll } = await prepare(state, setup)
      arrived = calls
      const target = TargetClient.create(client)
      const provider = serverProvider(target, { place, anonymous: true })
      onTestFinished(async () => {
        await ServerSdk.clearProviders()
        ServerSdk.setContext({})
        await target.close()
      })
      const wait = () => ServerSdk.setProviderAndWait(domain, provider)
      await bring(state, {
        wait,
        set: () => ServerSdk.setProvider(domain, provider),
        close: () => target.close(),
        poll,
        status,
      })
    },
    read({ kind, key, fallback, contexts, hooks }) {
      ServerSdk.setContext(contexts.API)
      ServerSdk.setTransactionContextPropagator(new AsyncLocalStorageTransactionContextPropagator())
      flags.setContext(contexts.Client)
      const before = { before: () => contexts['Before Hooks'] }
      const options = { hooks: [before, ...hooks] as never[] }
      const read = (): Promise<EvaluationDetails<JsonValue>> => {
        if (kind === 'boolean') return flags.getBooleanDetails(key, fallback as boolean, contexts.Invocation, options)
        if (kind === 'string') return flags.getStringDetails(key, fallback as string, contexts.Invocation, options)
        if (kind === 'object') return flags.getObjectDetails(key, fallback, contexts.Invocation, options)
        return flags.getNumberDetails(key, fallback as number, contexts.Invocation, options)
      }
      return new Promise((resolve) => ServerSdk.setTransactionContext(contexts.Transaction, () => resolve(read())))
    },
  }
}

export const openWebSide = (setup: SideSetup): Side => {
  const domain = `web side ${++count}`
  const flags = WebSdk.getClient(domain)
  let page: unknown
  let arrived: () => Arrived[] = () => []
  const status = () => `${flags.providerStatus}`
  return {
    status,
    calls: () => arrived(),
    async start(state, api) {
      const { client, calls, poll } = await prepare(state, setup)
      arrived = calls
      if (!page) onTestFinished(() => void vi.unstubAllGlobals())
      page ??= openPage({ url: 'https://shop.example/' })
      const target = PageClient.create({ ...client, notificationDelay: 60_000 })
      const names = [...setup.offers.activities.map(({ name }) => name), 'misspelt']
      const provider = webProvider(target, { place, mboxes: setup.method === 'server-side' ? names : [] })
      onTestFinished(async () => {
        await WebSdk.clearProviders()
        await target.close()
      })
      const wait = () => WebSdk.setProviderAndWait(domain, provider, api)
      await bring(state, {
        wait,
        set: () => WebSdk.setProvider(domain, provider, api),
        close: () => target.close(),
        poll,
        status,
      })
    },
    async read({ kind, key, fallback, contexts, hooks }) {
      const context = { ...contexts.API, ...contexts.Invocation }
      if (Object.keys(context).length) await WebSdk.setContext(domain, context)
      const options = { hooks: hooks as never[] }
      if (kind === 'boolean') return flags.getBooleanDetails(key, fallback as boolean, options)
      if (kind === 'string') return flags.getStringDetails(key, fallback as string, options)
      if (kind === 'object') return flags.getObjectDetails(key, fallback, options)
      return flags.getNumberDetails(key, fallback as number, options)
    },
  }
}

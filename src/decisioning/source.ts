import type { Geo } from '../delivery/context.ts'
import { TargetError } from '../delivery/error.ts'
import type { TelemetryEntry } from '../delivery/telemetry.ts'
import { readArtifact } from './container.ts'
import { type ArtifactStorage, createCopy } from './copy.ts'
import { asTargetError, createLoader } from './load.ts'
import { type ArtifactAddress, locationOf } from './location.ts'
import { pollingIntervalOf } from './poll.ts'

/** Where an artifact comes from, by the names of the client's options. */
export interface SourceOptions extends ArtifactAddress {
  organizationId: string
  /** An artifact to begin with, instead of the first download. It is polled for newer ones. */
  artifactPayload?: unknown
  /** In ms, at least 300000; 0 never polls. @default 300000 */
  pollingInterval?: number | undefined
  /** How long after its start the source is waited for, in ms. @default until the first download has succeeded or failed */
  maximumWaitReady?: number | undefined
}

/** What a source tells, and what each event brings. */
export interface SourceEvents {
  /** The first artifact can be used. */
  clientReady: object
  /** A new artifact came and is used. `since` when its download began, in epoch ms. */
  artifactDownloadSucceeded: { artifactLocation: string; artifactPayload: unknown; since: number }
  /** No artifact came, retries and all, or one that cannot be used; the one before stays. `error.attempts` says how often. */
  artifactDownloadFailed: { artifactLocation: string; error: TargetError; since?: number }
  /** After failures the artifact can be had again, and is the same. */
  artifactDownloadRecovered: { artifactLocation: string }
  /** The answer that brought an artifact names a place. */
  geoLocationUpdated: { geoContext: Geo }
  /** Something works, but most likely not as meant. */
  warning: { message: string }
}

/** What a source works with. */
export interface SourceParts<Compiled> {
  options: SourceOptions
  /** Makes an artifact ready for decisions. Throws a {@link TargetError} when it cannot be used. */
  compile(json: unknown): Compiled
  /** Told of every event, never in the middle of a call. */
  emit<Name extends keyof SourceEvents>(name: Name, event: SourceEvents[Name]): void
  /** Epoch ms. */
  now(): number
  /** Any `fetch`. @default the runtime's own, looked up for each download */
  fetchApi?: typeof fetch | undefined
  /**
   * True sends `If-None-Match`. False leaves it to the HTTP cache: in browsers, where the header would cost a preflight.
   * @default true
   */
  isConditional?: boolean
  /** Where a copy is kept for the next page. @default nowhere */
  storage?(): ArtifactStorage | undefined
  /** Told what a download took, for telemetry. */
  onMeasured?: ((entry: TelemetryEntry) => void) | undefined
  /** For one attempt, in ms. @default 30000 */
  timeout?: number
  /** Attempts after the first. @default 3 */
  retries?: number
  /** Larger artifacts are refused. @default 32 MiB */
  maximumBytes?: number
}

/** What a trace says of the artifact, by its names. */
interface ArtifactStatus {
  artifactLocation: string
  /** In ms, 0 for never. */
  pollingInterval: number
  pollingHalted: boolean
  artifactRetrievalCount: number
  /** ISO 8601; undefined before the first. */
  artifactLastRetrieved: string | undefined
}

/** The last good artifact. */
export interface Source<Compiled> {
  /** Undefined before the first. */
  current(): Compiled | undefined
  /**
   * Waits for the first artifact. Rejects with a {@link TargetError} `NOT_READY` after `maximumWaitReady` ms, and when the
   * download has failed with its retries; a later poll may still bring it.
   */
  ready(): Promise<Compiled>
  status(): ArtifactStatus
  /** Stops polling, aborts a download and tells nothing any more. The artifact can still be used; its copy goes if it shall. */
  close(isForgotten?: boolean): void
}

/** Where an artifact is that was given. */
const GIVEN = 'Not Applicable'
/** 3.5 times an artifact of 10,000 rules. */
const LARGEST = 32 * 2 ** 20

/** Tells events between calls, so that who listens right after the start misses none; nobody can throw into the source. */
const createTell =
  (emit: SourceParts<unknown>['emit'], signal: AbortSignal): typeof emit =>
  (name, event) =>
    queueMicrotask(() => {
      try {
        if (!signal.aborted) emit(name, event)
      } catch {
        // What a listener does wrong is no reason to lose an artifact.
      }
    })

/** Keeps the last good artifact, and those who wait for the first. */
const createHolder = <Compiled>({ compile, now }: SourceParts<Compiled>) => {
  const waiting = new Set<() => void>()
  let held: { compiled: Compiled; location: string; at: number } | undefined
  let count = 0
  const settle = (): void => {
    for (const done of waiting) done()
  }
  return {
    get: () => held,
    count: () => count,
    settle,
    /** Takes an artifact; true for the first. Throws, and keeps the one before, when it is bad. */
    take(json: unknown, location: string, at = now()): boolean {
      held = { compiled: compile(json), location, at }
      settle()
      return ++count === 1
    },
    /** Waits at most `ms` for the first. That somebody waits keeps a process alive. */
    wait: (ms: number, error: () => TargetError): Promise<Compiled> =>
      new Promise((resolve, reject) => {
        const done = (): void => {
          clearTimeout(timer)
          waiting.delete(done)
          if (held) resolve(held.compiled)
          else reject(error())
        }
        const timer = setTimeout(done, Math.max(0, Math.min(ms, 2 ** 31 - 1)))
        waiting.add(done)
      }),
  }
}

/** What a start works with. */
interface Start<Compiled> {
  parts: SourceParts<Compiled>
  holder: ReturnType<typeof createHolder<Compiled>>
  tell: SourceParts<Compiled>['emit']
  onFailed(failure: SourceEvents['artifactDownloadFailed']): void
  /** Ends everything. */
  signal: AbortSignal
  location: string
  interval: number
}

/** Takes the first artifact from where it is nearest, and lets newer ones come. */
const start = <Compiled>({ parts, holder, tell, onFailed, ...rest }: Start<Compiled>) => {
  const { options, now, storage } = parts
  const { location, interval } = rest
  const copy = storage && createCopy({ storage, location, now, onTrouble: (message) => tell('warning', { message }) })

  const loader = createLoader({
    ...rest,
    now,
    fetchApi: parts.fetchApi,
    timeout: parts.timeout ?? 30_000,
    retries: parts.retries ?? 3,
    maximumBytes: parts.maximumBytes ?? LARGEST,
    isConditional: parts.isConditional ?? true,
    onMeasured: parts.onMeasured,
    onFailed: (error, since) => onFailed({ error, artifactLocation: location, since }),
    onRecovered: () => tell('artifactDownloadRecovered', { artifactLocation: location }),
    take({ bytes, geo }, since) {
      const { text, json } = readArtifact(bytes, options.organizationId)
      const isFirst = holder.take(json, location)
      tell('artifactDownloadSucceeded', { artifactLocation: location, artifactPayload: json, since })
      if (geo) tell('geoLocationUpdated', { geoContext: geo })
      if (isFirst) tell('clientReady', {})
      copy?.keep(text)
    },
  })

  const payload = options.artifactPayload ?? undefined
  try {
    if (payload && holder.take(payload, GIVEN)) tell('clientReady', {})
  } catch (error) {
    onFailed({ error: asTargetError(error), artifactLocation: GIVEN })
  }
  if (!payload) {
    copy?.restore((text, at) => {
      if (!holder.get() && holder.take(JSON.parse(text), location, at)) tell('clientReady', {})
    })
  }
  // An artifact that was given and cannot be used is replaced at once, unless nothing may be asked.
  if (!payload || (interval && !holder.get())) loader.load()
  else loader.arm()
  return { isLoading: loader.isLoading, forget: () => copy?.forget() }
}

/** Makes a source, which starts at once. */
export const createSource = <Compiled>(parts: SourceParts<Compiled>): Source<Compiled> => {
  const { options, now } = parts
  const location = locationOf(options)
  const interval = pollingIntervalOf(options.pollingInterval)
  const deadline = now() + (options.maximumWaitReady ?? Infinity)
  const closing = new AbortController()
  const { signal } = closing
  const holder = createHolder(parts)
  const tell = createTell(parts.emit, signal)
  let cause: TargetError | undefined

  const notReady = (): TargetError =>
    signal.aborted
      ? new TargetError('CLOSED', 'The client is closed: create another')
      : new TargetError(
          'NOT_READY',
          `Unable to fulfill request; decisioning engine not ready. ${cause?.message ?? 'The artifact is on its way'}`,
          { cause },
        )
  const onFailed = (failure: SourceEvents['artifactDownloadFailed']): void => {
    cause = failure.error
    tell('artifactDownloadFailed', failure)
    holder.settle()
  }
  const loader = start({ parts, holder, tell, onFailed, signal, location, interval })

  return {
    current: () => holder.get()?.compiled,
    async ready() {
      const held = holder.get()
      if (held) return held.compiled
      if (signal.aborted || !loader.isLoading()) throw notReady()
      return holder.wait(deadline - now(), notReady)
    },
    status() {
      const held = holder.get()
      return {
        artifactLocation: held?.location ?? location,
        pollingInterval: interval,
        pollingHalted: signal.aborted,
        artifactRetrievalCount: holder.count(),
        artifactLastRetrieved: held && new Date(held.at).toISOString(),
      }
    },
    close(isForgotten) {
      closing.abort()
      holder.settle()
      if (isForgotten) void loader.forget()
    },
  }
}

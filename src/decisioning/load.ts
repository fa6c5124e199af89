import { isTargetError, TargetError } from '../delivery/error.ts'
import type { TelemetryEntry } from '../delivery/telemetry.ts'
import { type Downloaded, type DownloadParts, download } from './download.ts'
import { after, persist, pollWait } from './poll.ts'

/** What a loader works with. */
export interface LoadParts extends DownloadParts {
  /** Between two polls, in ms; 0 never polls. */
  interval: number
  /** Attempts after the first. */
  retries: number
  isConditional: boolean
  /** Epoch ms. */
  now(): number
  /** Takes what came; throws when it cannot be used. `since` when the download began, in epoch ms. */
  take(downloaded: Downloaded, since: number): void
  onFailed(error: TargetError, since: number): void
  /** After failures the artifact can be had again, and is the same. */
  onRecovered(): void
  onMeasured?: ((entry: TelemetryEntry) => void) | undefined
}

/** Whatever is thrown about an artifact, as an error of this package. */
export const asTargetError = (error: unknown): TargetError => {
  if (isTargetError(error)) return error
  const reason = (error as Error)?.message ?? error
  return new TargetError('PARSE_ERROR', `The artifact cannot be used: ${reason}`, { cause: error })
}

/** Downloads, and downloads again after each interval. */
export const createLoader = (parts: LoadParts) => {
  const { interval, isConditional, signal, now } = parts
  let etag: string | undefined
  let failures = 0
  let isLoading = false

  const attempt = async (): Promise<Downloaded | undefined> => {
    const since = now()
    const downloaded = await download(parts, etag)
    parts.onMeasured?.({ requestId: 'ArtifactDownload', timestamp: since, execution: now() - since })
    return downloaded
  }

  let timer: ReturnType<typeof setTimeout> | undefined
  signal.addEventListener('abort', () => clearTimeout(timer))
  /** Polls when the interval is over. `error` is what the last download ended with. */
  const arm = (error?: TargetError): void => {
    if (interval && !signal.aborted) timer = after(pollWait(interval, failures, error), load)
  }

  /** Never rejects. */
  const load = async (): Promise<void> => {
    const since = now()
    let error: TargetError | undefined
    isLoading = true
    try {
      const downloaded = await persist(attempt, parts)
      if (downloaded) {
        parts.take(downloaded, since)
        // Only of what is used: the tag of a bad artifact would keep its repair away.
        etag = isConditional ? downloaded.etag : undefined
      } else if (failures) parts.onRecovered()
      failures = 0
    } catch (reason) {
      error = asTargetError(reason)
      failures++
    }
    isLoading = false
    if (error) parts.onFailed(error, since)
    arm(error)
  }

  return { load, arm, isLoading: () => isLoading }
}

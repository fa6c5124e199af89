import type { Client } from '../client/client.ts'
import type { Emitter } from './emitter.ts'

/** Follows the downloads of rules, and tells what they mean for flags. */
export interface ArtifactWatch {
  /** From now on events are told; with false the provider is in trouble, and ready with the next rules. */
  begin(isReady: boolean): void
  end(): void
}

/** Rules are dated by the moment at which they were made; pages are given the same ones again and again. */
const dateOf = (artifact: unknown): unknown => (artifact as { meta?: { generatedAt?: unknown } })?.meta?.generatedAt

/** Follows the downloads of a client. `refresh` brings what was decided by older rules up to date. */
export const watchArtifacts = (target: Client, events: Emitter, refresh?: () => Promise<unknown>): ArtifactWatch => {
  let isOn = false
  let isTroubled = false
  let known: unknown
  const trouble = (message: string): void => {
    if (!isTroubled) events.tell('PROVIDER_STALE', { message })
    isTroubled = true
  }
  const recover = (): void => {
    if (isTroubled) events.tell('PROVIDER_READY')
    isTroubled = false
  }
  const stops = [
    target.on('artifactDownloadSucceeded', async ({ artifactPayload }) => {
      const date = dateOf(artifactPayload)
      const isNew = date === undefined || date !== known
      known = date
      if (!isOn) return
      try {
        if (isNew) await refresh?.()
      } catch (error) {
        trouble((error as Error).message)
        return
      }
      if (!isOn) return
      recover()
      if (isNew) events.tell('PROVIDER_CONFIGURATION_CHANGED')
    }),
    target.on('artifactDownloadRecovered', () => {
      if (isOn) recover()
    }),
    target.on('artifactDownloadFailed', ({ error }) => {
      if (isOn) trouble(error.message)
    }),
  ]
  return {
    begin(isReady) {
      isOn = true
      isTroubled = !isReady
    },
    end() {
      isOn = false
      for (const stop of stops) stop()
    },
  }
}

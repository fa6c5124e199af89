import type { Envelope } from '../../src/notification/batch.ts'
import type { Life } from './life.ts'

/** A call that carried a notification. */
export interface Attempt {
  life: Life
  at: number
  /** When its sender heard what became of it, or need not wait for that any longer. */
  until: number
  /** Its sender does not wait for the answer any more. */
  isGivenUp: boolean
  isClosing: boolean
}

/** What is known of one notification. */
export interface Entry {
  id: string
  /** Who queued it. */
  life: Life
  /** In the order of events. */
  turn: number
  sessionId: string
  cluster: string | undefined
  property: string | undefined
  /** Target refuses it whenever it comes. */
  isPoison: boolean
  /** As it travelled first. */
  text: string | undefined
  /** How often Target counted it. */
  accepted: number
  isAcknowledged: boolean
  attempts: Attempt[]
  /** What was told of its end. */
  fates: string[]
  /** When something happened to it last. */
  touchedAt: number
  /** It may have been nowhere but in a memory that is gone. */
  isLost: boolean
  /** Something happened after which nobody promises that it is sent only once. */
  isExcused: boolean
}

/** A notification that somebody queues. */
export interface Queued {
  life: Life
  envelope: Envelope
  isPoison: boolean
}

/** Knows every notification, and writes down what must not be. */
export const createLedger = () => {
  const entries = new Map<string, Entry>()
  const faults: string[] = []
  return {
    entries: entries as ReadonlyMap<string, Entry>,
    faults: faults as readonly string[],
    fault(text: string): void {
      if (faults.length < 20) faults.push(`${Math.round(performance.now())} ms: ${text.slice(0, 500)}`)
    },
    add({ life, envelope, isPoison }: Queued): Entry {
      const turn = entries.size
      const entry: Entry = {
        id: `n${turn}`,
        life,
        turn,
        sessionId: envelope.sessionId,
        cluster: envelope.cluster,
        property: envelope.request.property?.token,
        isPoison,
        text: undefined,
        accepted: 0,
        isAcknowledged: false,
        attempts: [],
        fates: [],
        touchedAt: performance.now(),
        isLost: false,
        isExcused: false,
      }
      entries.set(entry.id, entry)
      return entry
    },
    entryOf(id: string): Entry {
      const entry = entries.get(id)
      if (!entry) throw new Error(`nobody queued ${id}`)
      return entry
    },
    /** Those of whom nothing was told yet, and that are not lost. */
    open: (): Entry[] => [...entries.values()].filter(({ fates, isLost }) => !fates.length && !isLost),
  }
}

export type Ledger = ReturnType<typeof createLedger>

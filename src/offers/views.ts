import type { Client } from '../client/client.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import { createViews } from '../dom/views.ts'

/** Enters the views of a page, one after the other. */
export const createEntrance = (client: Client, ask: () => Promise<DeliveryResponse>) => {
  let answer: Promise<DeliveryResponse> | undefined
  let current: { name: string; gone: AbortController; holders: number } | undefined

  const answerNow = (): Promise<DeliveryResponse> => {
    answer ??= ask().catch((error) => {
      // The next view asks again.
      answer = undefined
      throw error
    })
    return answer
  }

  /** Enters a view, until the end that it gives. Left and entered again in the same turn, as drawing anew does, it was never left. */
  return (name: string): (() => void) => {
    if (current?.name !== name || current.gone.signal.aborted) {
      current?.gone.abort()
      const gone = new AbortController()
      current = { name, gone, holders: 0 }
      void createViews(answerNow(), client, { keep: true, signal: gone.signal }).triggerView(name)
    }
    const mine = current
    mine.holders++
    return () => {
      mine.holders--
      queueMicrotask(() => {
        if (!mine.holders) mine.gone.abort()
      })
    }
  }
}

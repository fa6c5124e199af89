import type { Client } from '../client/client.ts'
import type { PageLoadResponse } from '../delivery/page-load.ts'
import type { Asked } from './asked.ts'
import type { Session } from './sessions.ts'

/** Mboxes a call. */
const MOST = 50

/** Flags that are asked for in one call. */
interface Batch {
  mboxes: Set<string>
  answers: Promise<ReadonlyMap<string, PageLoadResponse>>
}

interface Asker {
  target: Client
  /** True counts what is decided as shown. */
  isDisplay: boolean
}

/** Asks the edge for several mboxes of one visitor. */
const askEdge = async ({ target, isDisplay }: Asker, asked: Asked, names: ReadonlySet<string>) => {
  const { parameters, profileParameters, call } = asked
  const mboxes = [...names].map((name) => ({ name, parameters, profileParameters }))
  const request = { ...call.request, [isDisplay ? 'execute' : 'prefetch']: { mboxes } }
  const result = await target.getOffers({ ...call, request })
  const { execute, prefetch } = result.response
  const answered = [...(execute?.mboxes ?? []), ...(prefetch?.mboxes ?? [])]
  return { result, answers: new Map(answered.map((mbox) => [mbox.name ?? '', mbox as PageLoadResponse])) }
}

/** Asks the edge for mboxes; those that one visitor is asked for at the same time, with the same attributes, go in one call. */
export const createEdgeAsker = (asker: Asker) => {
  const batches = new Map<string, Batch>()

  const open = (key: string, asked: Asked, session: Session | undefined): Batch => {
    const mboxes = new Set<string>()
    const leave = async () => {
      // All that is asked in this turn comes along.
      await new Promise<void>((resolve) => setTimeout(resolve, 0))
      if (batches.get(key) === batch) batches.delete(key)
      const { result, answers } = await askEdge(asker, asked, mboxes)
      if (session) session.targetLocationHint = result.targetLocationHintCookie?.value
      return answers
    }
    const batch: Batch = { mboxes, answers: leave() }
    batches.set(key, batch)
    return batch
  }

  return async (mbox: string, asked: Asked, session?: Session): Promise<PageLoadResponse | undefined> => {
    const key = JSON.stringify([asked.call, asked.parameters, asked.profileParameters])
    const waiting = batches.get(key)
    const batch =
      waiting && (waiting.mboxes.size < MOST || waiting.mboxes.has(mbox)) ? waiting : open(key, asked, session)
    batch.mboxes.add(mbox)
    return (await batch.answers).get(mbox)
  }
}

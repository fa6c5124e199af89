import { mboxName } from '../delivery/tests.ts'

/** Where the value of a flag is. */
export interface Place {
  /** Name of the mbox. */
  mbox: string
  /** Key of its JSON offer. @default none: the flag is the whole offer */
  key?: string | undefined
}

interface Placing {
  mbox?: string | undefined
  place?: ((flagKey: string) => Place | undefined) | undefined
}

const byName = (flagKey: string, mbox: string | undefined): Place => {
  const dot = flagKey.lastIndexOf('.')
  if (dot > 0 && dot < flagKey.length - 1) return { mbox: flagKey.slice(0, dot), key: flagKey.slice(dot + 1) }
  return mbox === undefined ? { mbox: flagKey } : { mbox, key: flagKey }
}

/** False for what no mbox can be called: one such name would spoil the call for all the others. */
export const isMboxName = (name: string): boolean => mboxName[0](name as never)

/** Finds the place of a flag; undefined for a key that no mbox can have as its name. */
export const createPlaceOf =
  ({ mbox, place }: Placing) =>
  (flagKey: string): Place | undefined => {
    const found = place?.(flagKey) ?? byName(flagKey, mbox)
    return isMboxName(found.mbox) ? found : undefined
  }

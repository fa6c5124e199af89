/** Displays that are remembered; older ones may count again. */
const CAPACITY = 50_000
/** How long they are remembered, in ms: as long as a visit without a click lasts. */
const LONG = 30 * 60_000

/** Remembers what a visit has seen, in two generations, so that a process with millions of visitors does not grow. */
export const createOnce = () => {
  let young = new Map<string, Set<string>>()
  let old: typeof young | undefined
  let count = 0
  let since = 0
  /** True the first time that a visit sees something; `now` in epoch ms. */
  return (what: string, visit: string, now: number): boolean => {
    const seen = young.get(what)
    if (seen?.has(visit)) return false
    if (count >= CAPACITY || now - since > LONG) {
      old = now - since > 2 * LONG ? undefined : young
      young = new Map()
      count = 0
      since = now
    }
    const isNew = !old?.get(what)?.has(visit)
    const visits = young.get(what) ?? new Set()
    young.set(what, visits.add(visit))
    count++
    return isNew
  }
}

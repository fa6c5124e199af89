import { createId } from '../platform/platform.ts'
import type { Reach } from './shelf.ts'
import { pauseOf, unref } from './timer.ts'

/** A lease that was not renewed for so long, in ms, has no owner: the timers of a hidden page ring once a minute. */
const LEASE = 150_000
/** Two that take a lease at the same moment see after so long, in ms, who wrote last. */
const SETTLE = 100

/**
 * Ownership by a time stamp that its owner renews, for storages without locks of their own. When the clock jumps, a lease may look
 * free that is not: then a notification travels twice with one id, and is counted once. Whoever is closing need not wait.
 */
export const createLease =
  (storage: Reach, now: () => number) =>
  async (name: string, closing: Promise<void>): Promise<(() => unknown) | undefined> => {
    const mine = createId()
    const seen = await storage().getItem(name)
    const [since] = `${seen ?? ''}`.split(' ')
    if (seen && Math.abs(now() - Number(since)) < LEASE) return undefined
    const renew = () => storage().setItem(name, `${now()} ${mine}`)
    await renew()
    await Promise.race([pauseOf(SETTLE), closing])
    if (!`${await storage().getItem(name)}`.endsWith(mine)) return undefined
    const timer = unref(
      setInterval(() => {
        try {
          Promise.resolve(renew()).catch(() => {})
        } catch {
          // A storage that is full keeps the older stamp.
        }
      }, LEASE / 5),
    )
    return () => {
      clearInterval(timer)
      return storage().removeItem(name)
    }
  }

import type { NotificationStorage } from './platform.ts'

const PROBE = 'isotarget:probe'

/** Ownership that ends with its document, however it ends. Only secure pages have locks. */
const holdLock = (locks: LockManager) => (name: string) =>
  new Promise<(() => void) | undefined>((resolve, reject) => {
    locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (lock) return new Promise<void>((release) => resolve(release))
        resolve(undefined)
        return undefined
      })
      .catch(reject)
  })

/** The page's `localStorage`; undefined where it is denied. */
export const browserStorage = (): NotificationStorage | undefined => {
  try {
    const { localStorage } = globalThis
    localStorage.setItem(PROBE, '')
    localStorage.removeItem(PROBE)
    const { locks } = navigator
    return {
      getItem: (key) => localStorage.getItem(key),
      setItem: (key, text) => localStorage.setItem(key, text),
      removeItem: (key) => localStorage.removeItem(key),
      getKeys: () => Object.keys(localStorage),
      ...(locks && { hold: holdLock(locks) }),
    }
  } catch {
    return undefined
  }
}

import type { Moment } from './platform.ts'

/**
 * Tells of the page's life. Never by `unload`, which would keep the page out of the back/forward cache: hidden comes first and is
 * the last moment that every engine grants; `pagehide` and `freeze` are the end of what a page can still do.
 */
export const onLife = (listener: (moment: Moment) => void): (() => void) => {
  const stops: (() => void)[] = []
  const on = (target: EventTarget, name: string, handle: (event: Event) => void): void => {
    target.addEventListener(name, handle)
    stops.push(() => target.removeEventListener(name, handle))
  }
  on(document, 'visibilitychange', () => {
    if (document.visibilityState === 'hidden') listener('hidden')
  })
  on(document, 'freeze', () => listener('ends'))
  on(document, 'resume', () => listener('returns'))
  // Firefox keeps no page that holds a lock at this moment, even if it lets go of it later.
  on(globalThis as unknown as Window, 'beforeunload', () => listener('leaving'))
  on(globalThis as unknown as Window, 'pagehide', () => listener('ends'))
  on(globalThis as unknown as Window, 'pageshow', (event) => {
    if ((event as PageTransitionEvent).persisted) listener('returns')
  })
  on(globalThis as unknown as Window, 'online', () => listener('online'))
  return () => {
    for (const stop of stops) stop()
  }
}

/** Calls when the page has drawn what its new address asks for, so that nothing of the old one is taken for it. */
const soon = (listener: () => void): void => {
  if (document.visibilityState === 'visible') requestAnimationFrame(listener)
  else setTimeout(listener)
}

/** Calls for every change of the address; gives the way to stop. */
export const onAddress = (listener: () => void): (() => void) => {
  const over = new AbortController()
  const { signal } = over
  const changed = (): void => soon(() => signal.aborted || listener())
  const { navigation } = globalThis as { navigation?: EventTarget }
  for (const name of ['popstate', 'hashchange']) addEventListener(name, changed, { signal })
  navigation?.addEventListener('currententrychange', changed, { signal })
  const restores = navigation ? [] : (['pushState', 'replaceState'] as const).map((name) => wrap(name, changed))
  return () => {
    over.abort()
    for (const restore of restores) restore()
  }
}

/** Nothing tells of these where there is no Navigation API. */
const wrap = (name: 'pushState' | 'replaceState', changed: () => void): (() => void) => {
  const original = history[name]
  const wrapped: typeof original = (...args) => {
    original.apply(history, args)
    changed()
  }
  history[name] = wrapped
  return () => {
    // Somebody may have wrapped it since.
    if (history[name] === wrapped) history[name] = original
  }
}

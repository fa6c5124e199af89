/** A timer that keeps no process alive. */
export const unref = <Timer>(timer: Timer): Timer => {
  const { unref } = Object(timer) as { unref?(): void }
  unref?.call(timer)
  return timer
}

/** Lets `ms` pass, and keeps no process alive for it. */
export const pauseOf = (ms: number): Promise<void> =>
  new Promise((go) => {
    unref(setTimeout(go, ms))
  })

/** Rings once, at the earliest of the moments that it was set to. Moments and `clock` in ms. */
export const createAlarm = (clock: () => number, ring: () => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let rings = Infinity
  return {
    /** Infinity sets nothing. */
    set(at: number): void {
      if (at >= rings) return
      clearTimeout(timer)
      rings = at
      timer = unref(
        setTimeout(
          () => {
            rings = Infinity
            ring()
          },
          Math.max(0, at - clock()),
        ),
      )
    },
  }
}

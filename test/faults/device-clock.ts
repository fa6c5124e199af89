import { onTestFinished, vi } from 'vitest'

/** The time as it is, in epoch ms. */
export const rightNow = Date.now.bind(Date)

/** Whoever wrote something so long ago, in ms, is not taken for somebody who is about to take care of it. */
export const OLD = 5_000

/** The clock of the device: it can be put so many ms off the right time until the test is over. */
export const useClock = (): ((ms: number) => void) => {
  let offset = 0
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => rightNow() + offset)
  onTestFinished(() => clock.mockRestore())
  return (ms) => {
    offset = ms
  }
}

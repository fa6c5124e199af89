import { onTestFinished, vi } from 'vitest'

/** The time as it is, in epoch ms. */
export const rightNow = Date.now.bind(Date)

/** The clock of the device: it can be put so many ms off the right time until the test is over. */
export const useClock = (): ((ms: number) => void) => {
  let offset = 0
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => rightNow() + offset)
  onTestFinished(() => clock.mockRestore())
  return (ms) => {
    offset = ms
  }
}

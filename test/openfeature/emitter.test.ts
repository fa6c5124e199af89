import { ServerProviderEvents } from '@openfeature/server-sdk'
import { expect, test } from 'vitest'
import { createEmitter } from '../../src/openfeature/emitter.ts'

const { Ready, Stale } = ServerProviderEvents

test('handlers are called as often as they were added, until they are removed', () => {
  const events = createEmitter()
  const told: unknown[] = []
  const handler = (details: unknown) => void told.push(details)
  events.addHandler(Ready, handler)
  events.addHandler(Ready, handler)
  events.addHandler(Stale, handler)
  events.emit(Ready, { message: 'one' })
  events.removeHandler(Ready, handler)
  events.emit(Ready, { message: 'two' })
  expect(told).toEqual([{ message: 'one' }, { message: 'one' }, { message: 'two' }])
  expect(events.getHandlers(Ready)).toEqual([handler])
  events.removeAllHandlers(Ready)
  expect([events.getHandlers(Ready), events.getHandlers(Stale)]).toEqual([[], [handler]])
  events.removeAllHandlers()
  events.emit(Stale)
  events.removeHandler(Stale, handler)
  expect(told).toHaveLength(3)
})

test('a handler that fails harms no other, and is told to the logger', async () => {
  const said: unknown[] = []
  const silent = () => {}
  const events = createEmitter().setLogger({
    debug: silent,
    info: silent,
    warn: silent,
    error: (...all) => said.push(all),
  })
  const told: string[] = []
  events.addHandler(Ready, () => {
    throw new Error('at once')
  })
  events.addHandler(Ready, async () => Promise.reject(new Error('later')))
  events.addHandler(Ready, () => void told.push('told'))
  events.emit(Ready)
  await expect.poll(() => said.length).toBe(2)
  expect(told).toEqual(['told'])
})

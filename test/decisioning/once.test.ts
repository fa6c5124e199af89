import { expect, test } from 'vitest'
import { createOnce } from '../../src/decisioning/once.ts'

test('each visit sees a thing for the first time once', () => {
  const once = createOnce()
  expect(once('a', 'one', 1e12)).toBe(true)
  expect(once('a', 'one', 1e12 + 1)).toBe(false)
  expect(once('b', 'one', 1e12)).toBe(true)
  expect(once('a', 'two', 1e12)).toBe(true)
})

test('what is asked for again and again is remembered through any number of others', () => {
  const once = createOnce()
  once('a', 'regular', 1e12)
  let firsts = 0
  for (let at = 0; at < 200_000; at++) {
    once('a', `visit-${at}`, 1e12)
    if (at % 1_000 === 0 && once('a', 'regular', 1e12)) firsts++
  }
  expect(firsts).toBe(0)
})

test('after a while without it, it counts again', () => {
  const once = createOnce()
  once('a', 'one', 1e12)
  expect(once('a', 'one', 1e12 + 29 * 60_000)).toBe(false)
  once('a', 'other', 1e12 + 31 * 60_000)
  once('a', 'other', 1e12 + 92 * 60_000)
  expect(once('a', 'one', 1e12 + 93 * 60_000)).toBe(true)
})

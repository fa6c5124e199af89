import { isObject } from './json-value.ts'

/**
 * How one value is tested: what it must be, in words, and the limit that an error names beside its path. The schemas are made of
 * these, and so is the table that is written from them.
 */
export type Test = readonly [passes: (input: never) => boolean, expected: string, limit?: unknown]

/** A list of at most `max` items. */
// @__NO_SIDE_EFFECTS__
export const list = (max: number): Test => [
  (input: unknown) => Array.isArray(input) && input.length <= max,
  'must be a list',
  max,
]

/** An object whose members are nobody's business here. */
export const map: Test = [isObject, 'must be an object']

/** A string of at most `max` characters. */
// @__NO_SIDE_EFFECTS__
export const text = (max: number): Test => [
  (input: unknown) => typeof input === 'string' && input.length <= max,
  'must be text',
  max,
]

/** A string of at most `max` characters that says something. */
// @__NO_SIDE_EFFECTS__
export const filled = (max: number): Test => [
  (input: unknown) => typeof input === 'string' && input.length <= max && /\S/.test(input),
  'must be text that is not blank',
  max,
]

/** A finite number of at least `min`. */
// @__NO_SIDE_EFFECTS__
export const number = (min = -Infinity): Test => [
  (input: number) => Number.isFinite(input) && input >= min,
  'must be a number',
  min,
]

/** An integer from `min` to `max`. */
// @__NO_SIDE_EFFECTS__
export const whole = (min = -Infinity, max = Infinity): Test => [
  (input: number) => Number.isInteger(input) && input >= min && input <= max,
  'must be an integer',
  min,
]

/** True or false. */
export const flag: Test = [(input: unknown) => typeof input === 'boolean', 'must be true or false']

/** One of a few words. */
// @__NO_SIDE_EFFECTS__
export const oneOf = (words: readonly string[]): Test => [
  (input: string) => words.includes(input),
  `must be one of ${words.join(', ')}`,
  words,
]

/** A name of an mbox: at most 250 characters, not blank, none that Target keeps for itself. */
export const mboxName: Test = [
  (input: unknown) =>
    typeof input === 'string' &&
    /^(?=.*\S)(?!.*-clicked$|(display mboxes|any mbox|click from display mbox)$).{1,250}$/.test(input),
  'must name an mbox: not blank, not reserved, not ending in -clicked',
  250,
]

/** A country, or the empty text. */
export const country: Test = [
  (input: unknown) => typeof input === 'string' && /^(..)?$/.test(input),
  'must be an ISO 3166 code of 2 letters',
  2,
]

/** A moment of this century, in epoch ms. */
export const moment: Test = [
  (input: number) => Number.isInteger(input) && input >= 1e12,
  'must be integer milliseconds since 1970',
  1e12,
]

/** A `Date`, or a text that one can be made of. */
export const date: Test = [
  (input: unknown) => (input instanceof Date || typeof input === 'string') && !Number.isNaN(+new Date(input)),
  'must be a Date or ISO 8601 text',
]

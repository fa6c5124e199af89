import * as v from 'valibot'

/** A value that passes a test; `limit` is what the error names beside the path and the value. */
// @__NO_SIDE_EFFECTS__
export const passing = <Value>(test: (input: Value) => boolean, expected: string, requirement?: unknown) =>
  Object.assign(v.custom<Value>(test as (input: unknown) => boolean, expected), { requirement })

/** A further test of a value whose type is settled. */
// @__NO_SIDE_EFFECTS__
export const where = <Value>(test: (input: Value) => boolean, expected: string, requirement?: unknown) =>
  passing(test, expected, requirement) as unknown as v.CheckAction<Value, string>

type Optional<Entries extends v.ObjectEntries> = { [Key in keyof Entries]: v.OptionalSchema<Entries[Key], undefined> }

/**
 * An object of the wire contract: members that may be missing, then those that must be there. Unknown members survive, so
 * that a field which Target adds tomorrow can be sent today; the type stays closed, so that a misspelt field is an error.
 */
// @__NO_SIDE_EFFECTS__
export const fields = <const Maybe extends v.ObjectEntries, const Must extends v.ObjectEntries = Record<never, never>>(
  maybe: Maybe,
  must?: Must,
) => {
  const entries: Record<string, v.GenericSchema> = { ...must }
  for (const key of Object.keys(maybe)) entries[key] = v.optional(maybe[key] as v.GenericSchema)
  // A list is an object too in the eyes of the language, and of `looseObject`.
  return v.pipe(map(), v.looseObject(entries, 'is required')) as unknown as v.ObjectSchema<
    Optional<Maybe> & Must,
    undefined
  >
}

/** A string of at most `max` characters. */
// @__NO_SIDE_EFFECTS__
export const text = (max = Infinity) =>
  passing<string>((input) => typeof input === 'string' && input.length <= max, 'must be text', max)

/** A string of at most `max` characters that says something. */
// @__NO_SIDE_EFFECTS__
export const filled = (max: number) =>
  passing<string>(
    (input) => typeof input === 'string' && input.length <= max && /\S/.test(input),
    'must be text that is not blank',
    max,
  )

/** A string that a pattern matches. */
// @__NO_SIDE_EFFECTS__
export const pattern = (matching: RegExp, expected: string, requirement: number) =>
  passing<string>((input) => typeof input === 'string' && matching.test(input), expected, requirement)

/** A finite number of at least `min`. */
// @__NO_SIDE_EFFECTS__
export const number = (min = -Infinity) =>
  passing<number>((input) => Number.isFinite(input) && input >= min, 'must be a number', min)

/** An integer from `min` to `max`. */
// @__NO_SIDE_EFFECTS__
export const whole = (min = -Infinity, max = Infinity) =>
  passing<number>((input) => Number.isInteger(input) && input >= min && input <= max, 'must be an integer', min)

/** True or false. */
// @__NO_SIDE_EFFECTS__
export const flag = () => passing<boolean>((input) => typeof input === 'boolean', 'must be true or false')

/** One of a few words. */
// @__NO_SIDE_EFFECTS__
export const oneOf = <const Word extends string>(...words: Word[]) =>
  passing<Word>((input) => words.includes(input), `must be one of ${words.join(', ')}`, words)

/** A list of at most `max` items. */
// @__NO_SIDE_EFFECTS__
export const list = <Item extends v.GenericSchema>(item: Item, max = Infinity) =>
  v.pipe(
    passing<v.InferInput<Item>[]>((input) => Array.isArray(input) && input.length <= max, 'must be a list', max),
    v.array(item),
  )

/** The value, written otherwise. */
// @__NO_SIDE_EFFECTS__
export const written = <Input, Output>(as: (input: Input) => Output) =>
  v.rawTransform<Input, Output>(({ dataset }) => as(dataset.value))

/** An object whose members are nobody's business here. */
// @__NO_SIDE_EFFECTS__
export const map = <Shape extends object = Record<string, unknown>>() =>
  passing<Shape>((input) => typeof input === 'object' && !!input && !Array.isArray(input), 'must be an object')

/** What may stand where the wire wants a string: it is written as text, and left out when it is nothing. */
export type Scalar = string | number | boolean | null | undefined

import * as v from 'valibot'
import { invalid } from './error.ts'

/** A value that passes a test; `limit` is what the error names beside the path and the value. */
// @__NO_SIDE_EFFECTS__
export const passing = <Value>(test: (input: Value) => boolean, expected: string, requirement?: unknown) =>
  Object.assign(v.custom<Value>(test as (input: unknown) => boolean, expected), { requirement })

/** A further test of a value whose type is settled. */
// @__NO_SIDE_EFFECTS__
export const where = <Value>(test: (input: Value) => boolean, expected: string, requirement?: unknown) =>
  passing(test, expected, requirement) as unknown as v.CheckAction<Value, string>

/** An object whose members are nobody's business here. */
// @__NO_SIDE_EFFECTS__
export const map = <Shape extends object = Record<string, unknown>>() =>
  passing<Shape>((input) => typeof input === 'object' && !!input && !Array.isArray(input), 'must be an object')

type Run = (schema: v.GenericSchema | undefined, key: PropertyKey, value: unknown) => unknown

const ABSENT = passing<never>(() => false, 'is required')

/**
 * A schema of things that hold others. It runs its members itself, in one pass that also leaves out what the wire does not know:
 * on the hot path that is a quarter of the time that `looseObject`, `optional` and `array` take.
 */
// @__NO_SIDE_EFFECTS__
const container = <Input>(
  shape: v.CustomSchema<Input, v.ErrorMessage<v.CustomIssue> | undefined>,
  write: (input: Input, run: Run) => unknown,
) => ({
  ...shape,
  '~run'(dataset: v.UnknownDataset, config: v.Config<v.BaseIssue<unknown>>) {
    const input = dataset.value as Input
    const checked = shape['~run'](dataset, config)
    if (checked.issues) return checked
    const issues: v.BaseIssue<unknown>[] = []
    const value = write(input, (schema, key, member) => {
      const needed = member === undefined && schema?.type !== 'optional' ? ABSENT : schema
      const result = (needed ?? ABSENT)['~run']({ value: member }, config)
      if (result.issues) {
        const item = { type: 'unknown', origin: 'value', input, key, value: member } as v.IssuePathItem
        for (const issue of result.issues) issues.push({ ...issue, path: [item, ...(issue.path ?? [])] })
      }
      return result.value
    })
    return { typed: !issues.length, value, ...(issues.length && { issues }) }
  },
})

/** Sets a member unless it is an empty list; one that is named `__proto__` too, as no name may reach a prototype. */
const keep = (target: Record<string, unknown>, key: string, value: unknown): void => {
  if (Array.isArray(value) && !value.length) return
  if (key !== '__proto__') target[key] = value
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}

const DISCRIMINATORS = ['$type', '$_type']

/** A copy of what no schema knows, as JSON carries it. Throws for what it cannot carry. */
const copied = (value: unknown): unknown => {
  if (typeof value !== 'object' && typeof value !== 'bigint') return value
  try {
    return JSON.parse(JSON.stringify(value), (key, item) => {
      if (DISCRIMINATORS.includes(key)) return undefined
      const kept = Array.isArray(item) ? item.filter((member) => member != null) : (item ?? undefined)
      return Array.isArray(kept) && !kept.length ? undefined : kept
    })
  } catch (cause) {
    throw invalid('Request must be JSON: it holds itself or a BigInt', { cause })
  }
}

type Optional<Entries extends v.ObjectEntries> = { [Key in keyof Entries]: v.OptionalSchema<Entries[Key], undefined> }

/**
 * An object of the wire contract: members that may be missing, then those that must be there. Unknown members survive, so
 * that a field which Target adds tomorrow can be sent today; the type stays closed, so that a misspelt field is an error.
 * Left out is what the wire does not know: nulls, empty lists, discriminators of generated models.
 */
// @__NO_SIDE_EFFECTS__
export const fields = <const Maybe extends v.ObjectEntries, const Must extends v.ObjectEntries = Record<never, never>>(
  maybe: Maybe,
  must?: Must,
) => {
  const entries = new Map<string, v.GenericSchema>(Object.entries({ ...maybe, ...must }))
  const required = Object.keys(must ?? {})
  return container(map(), (input, run) => {
    const output: Record<string, unknown> = {}
    for (const key of required) if (input[key] == null) output[key] = run(entries.get(key), key, undefined)
    for (const key of Object.keys(input)) {
      const value = input[key]
      if (value == null || DISCRIMINATORS.includes(key)) continue
      const schema = entries.get(key)
      keep(output, key, schema ? run(schema, key, value) : copied(value))
    }
    return output
  }) as unknown as v.ObjectSchema<Optional<Maybe> & Must, undefined>
}

/** A list of at most `max` items; what is nothing is left out. */
// @__NO_SIDE_EFFECTS__
export const list = <Item extends v.GenericSchema>(item: Item, max = Infinity) =>
  container(
    passing<unknown[]>((input) => Array.isArray(input) && input.length <= max, 'must be a list', max),
    (input, run) => {
      const output: unknown[] = []
      for (const [key, value] of input.entries()) if (value != null) output.push(run(item, key, value))
      return output
    },
  ) as unknown as v.ArraySchema<Item, undefined>

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

/** The value, written otherwise. */
// @__NO_SIDE_EFFECTS__
export const written = <Input, Output>(as: (input: Input) => Output) =>
  v.rawTransform<Input, Output>(({ dataset }) => as(dataset.value))

/** An object that is carried as it is. */
// @__NO_SIDE_EFFECTS__
export const opaque = <Shape extends object>() =>
  v.pipe(
    map<Shape>(),
    written((input: Shape) => copied(input) as Shape),
  )

/** What may stand where the wire wants a string: it is written as text, and left out when it is nothing. */
export type Scalar = string | number | boolean | null | undefined

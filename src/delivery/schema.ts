import * as v from 'valibot'
import { copied, isKnown, keep } from './carried.ts'
import type { Refuse, Rule } from './rules.ts'
import * as tests from './tests.ts'

/** What a schema was made by, for the script that writes the table of the contract. */
export interface Made {
  made: readonly [maker: string, ...args: unknown[]]
}

/** A value that passes a test; `limit` is what the error names beside the path and the value. */
// @__NO_SIDE_EFFECTS__
export const passing = <Value>(test: (input: Value) => boolean, expected: string, requirement?: unknown) =>
  Object.assign(v.custom<Value>(test as (input: unknown) => boolean, expected), { requirement })

/** A value that passes a test of the contract. */
// @__NO_SIDE_EFFECTS__
const tested = <Value>([test, expected, limit]: tests.Test, made?: Made['made']) =>
  Object.assign(passing<Value>(test as (input: Value) => boolean, expected, limit), { made })

/** An object whose members are nobody's business here. */
// @__NO_SIDE_EFFECTS__
export const map = <Shape extends object = Record<string, unknown>>() => tested<Shape>(tests.map, ['map'])

type Run = (schema: v.GenericSchema | undefined, key: PropertyKey, value: unknown) => unknown

const ABSENT = passing<never>(() => false, 'is required')

type Issues = v.BaseIssue<unknown>[]
type Config = v.Config<v.BaseIssue<unknown>>

const runMember = (schema: v.GenericSchema, value: unknown, config: Config) => {
  const needed = value === undefined && schema.type !== 'optional' ? ABSENT : schema
  return needed['~run']({ value }, config)
}

/** Gives issues of a member its place. */
const placed = (issues: Issues, item: object): Issues =>
  issues.map((issue) => ({ ...issue, path: [item as v.IssuePathItem, ...(issue.path ?? [])] }))

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
  '~run'(dataset: v.UnknownDataset, config: Config) {
    const input = dataset.value as Input
    const checked = shape['~run'](dataset, config)
    if (checked.issues) return checked
    const issues: Issues = []
    const value = write(input, (schema, key, member) => {
      // The first fault is what is told.
      if (issues.length) return undefined
      if (!schema) return copied(member)
      const ran = runMember(schema, member, config)
      if (ran.issues)
        issues.push(...placed(ran.issues, { type: 'unknown', origin: 'value', input, key, value: member }))
      return ran.value
    })
    return { typed: !issues.length, value, ...(issues.length && { issues }) }
  },
})

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
  return container(tested<Record<string, unknown>>(tests.map, ['fields', maybe, must]), (input, run) => {
    const output: Record<string, unknown> = {}
    for (const key of required) if (input[key] == null) output[key] = run(entries.get(key), key, undefined)
    for (const key of Object.keys(input)) {
      const value = input[key]
      if (!isKnown(key, value)) continue
      keep(output, key, run(entries.get(key), key, value))
    }
    return output
  }) as unknown as v.ObjectSchema<Optional<Maybe> & Must, undefined>
}

/** A list of at most `max` items; what is nothing is left out. */
// @__NO_SIDE_EFFECTS__
export const list = <Item extends v.GenericSchema>(item: Item, max = Infinity) =>
  container(tested<unknown[]>(tests.list(max), ['list', item, max]), (input, run) => {
    const output: unknown[] = []
    for (const [key, value] of input.entries()) if (value != null) output.push(run(item, key, value))
    return output
  }) as unknown as v.ArraySchema<Item, undefined>

/** A string of at most `max` characters. */
// @__NO_SIDE_EFFECTS__
export const text = (max = Infinity) => tested<string>(tests.text(max), ['text', max])

/** A string of at most `max` characters that says something. */
// @__NO_SIDE_EFFECTS__
export const filled = (max: number) => tested<string>(tests.filled(max), ['filled', max])

/** A finite number of at least `min`. */
// @__NO_SIDE_EFFECTS__
export const number = (min = -Infinity) => tested<number>(tests.number(min), ['number', min])

/** An integer from `min` to `max`. */
// @__NO_SIDE_EFFECTS__
export const whole = (min = -Infinity, max = Infinity) => tested<number>(tests.whole(min, max), ['whole', min, max])

/** True or false. */
// @__NO_SIDE_EFFECTS__
export const flag = () => tested<boolean>(tests.flag, ['flag'])

/** One of a few words. */
// @__NO_SIDE_EFFECTS__
export const oneOf = <const Word extends string>(...words: Word[]) => tested<Word>(tests.oneOf(words), ['oneOf', words])

/** A value that passes a test that is made for it. */
// @__NO_SIDE_EFFECTS__
export const fitting = <Value>(test: tests.Test) => tested<Value>(test, ['fitting', test])

/** The value by another rule: written otherwise, or refused. */
// @__NO_SIDE_EFFECTS__
export const written = <Input, Output>(rule: Rule<Input, Output>): v.RawTransformAction<Input, Output> & Made =>
  Object.assign(
    v.rawTransform<Input, Output>(({ dataset, addIssue, NEVER }) => {
      const { value } = dataset
      const refusal = {}
      const refuse: Refuse = (message, key, requirement) => {
        const item = { type: 'unknown', origin: 'value', input: value, key, value } as never
        addIssue({ message, ...(key !== undefined && { path: [item] }) })
        const issues = dataset.issues as unknown as v.BaseIssue<unknown>[]
        Object.assign(issues.at(-1) ?? {}, { requirement })
        throw refusal
      }
      try {
        return rule(value, refuse)
      } catch (error) {
        if (error === refusal) return NEVER
        throw error
      }
    }),
    { made: ['written', rule] as const },
  )

/** An object that is carried as it is. */
// @__NO_SIDE_EFFECTS__
export const opaque = <Shape extends object>() => v.pipe(map<Shape>(), written(copied<Shape>))

/** What may stand where the wire wants a string: it is written as text, and left out when it is nothing. */
export type Scalar = string | number | boolean | null | undefined

import * as v from 'valibot'

/**
 * An object of the wire contract. Unknown members survive, so that a field which Target adds tomorrow can be sent today;
 * the type stays closed, so that a misspelt field is an error in the editor.
 */
// @__NO_SIDE_EFFECTS__
export const fields = <const Entries extends v.ObjectEntries>(entries: Entries): v.ObjectSchema<Entries, undefined> =>
  v.looseObject(entries) as unknown as v.ObjectSchema<Entries, undefined>

/** A string of at most `max` characters. */
// @__NO_SIDE_EFFECTS__
export const text = (max: number) => v.pipe(v.string(), v.maxLength(max))

/** A string of at most `max` characters that says something. */
// @__NO_SIDE_EFFECTS__
export const filled = (max: number) => v.pipe(v.string(), v.regex(/\S/, 'must not be blank'), v.maxLength(max))

/** An integer of at least `min`. */
// @__NO_SIDE_EFFECTS__
export const whole = (min: number) => v.pipe(v.number(), v.integer(), v.minValue(min))

/** A list of at most `max` items. */
// @__NO_SIDE_EFFECTS__
export const list = <Item extends v.GenericSchema>(item: Item, max: number) =>
  v.pipe(v.array(item), v.maxLength(max))

/** What may stand where the wire wants a string: it is written as text, and left out when it is nothing. */
export type Scalar = string | number | boolean | null | undefined

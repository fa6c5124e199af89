import * as v from 'valibot'
import { Action } from './action.ts'
import { fields, list, map, oneOf, text } from './schema.ts'

/** What the content of an option is. */
export const OptionType = oneOf('html', 'json', 'redirect', 'dynamic', 'actions')
export type OptionType = v.InferOutput<typeof OptionType>

/** What was decided for a place. Without `content` it stands for the default content, and still counts when shown. */
export const Option = fields({
  /** A type that is not known yet is inert. */
  type: OptionType,
  /** Text for `html`, `redirect` and `dynamic`, any JSON for `json`, a list of actions for `actions`. */
  content: v.union([text(), list(Action), map<Record<string, unknown>>()]),
  /** Goes back in the display notification; prefetched content only. */
  eventToken: text(),
  responseTokens: map<Record<string, unknown>>(),
})
export type Option = v.InferOutput<typeof Option>

/** Response tokens by name: text, or a list of texts for tokens such as `profile.activeActivities`. */
export type ResponseTokens = Record<string, unknown>

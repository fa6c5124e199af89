import { type Details, written } from './macros.ts'
import { isMap, type Named } from './parameters.ts'

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Makes copies that their owners may change, of what never changes itself. */
export const copierOf = <Value>(value: Value): (() => Value) => {
  if (!isObject(value)) return () => value
  if (Array.isArray(value)) {
    if (!value.some(isObject)) return () => value.slice() as Value
    const items = value.map((member) => copierOf<unknown>(member))
    return () => items.map((make) => make()) as Value
  }
  const nested = Object.entries(value).filter(([, member]) => isObject(member))
  const makers = nested.map(([key, member]) => ({ key, make: copierOf<unknown>(member) }))
  return () => {
    const copy = { ...value } as Value & Named
    for (const { key, make } of makers) (copy as Named)[key] = make()
    return copy
  }
}

/** A copy that its owner may change. */
export const copyOf = <Value>(value: Value): Value => copierOf(value)()

/** Content as one visitor gets it. */
export type Content = (details: Details) => unknown

const hasMacro = (text: unknown): text is string => typeof text === 'string' && text.includes('${')

/** Prepares the content of an option. Macros are written in HTML and in actions. */
export const contentOf = (type: unknown, content: unknown, meta: unknown): Content => {
  if (type === 'html' && hasMacro(content)) return (details) => written(content, meta, details)
  const copy = copierOf(content)
  if (type !== 'actions' || !Array.isArray(content)) return copy
  return (details) => {
    const actions = copy() as unknown[]
    for (const action of actions) {
      if (isMap(action) && hasMacro(action.content)) action.content = written(action.content, meta, details)
    }
    return actions
  }
}

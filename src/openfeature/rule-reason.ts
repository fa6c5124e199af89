import type { Variation } from '../client/flags.ts'

/** What a condition goes by: the visitor, and chance where it is less than all of 0 to 100. */
const looksAt = (condition: unknown): { chance: boolean; visitor: boolean } => {
  const all = { chance: false, visitor: false }
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const parts: unknown[] = Object.values(node)
    const name = (node as { var?: unknown }).var
    if (name !== undefined && name !== 'allocation') all.visitor = true
    const isAllocation = parts.some((part) => (part as { var?: unknown } | null)?.var === 'allocation')
    if (isAllocation && parts.some((part) => typeof part === 'number' && part % 100)) all.chance = true
    parts.forEach(look)
  }
  look(condition)
  return all
}

const known = new WeakMap<object, ReturnType<typeof looksAt>>()

/** Looks at each condition once. */
const readOnce = (condition: unknown): ReturnType<typeof looksAt> => {
  if (typeof condition !== 'object' || condition === null) return looksAt(condition)
  const found = known.get(condition) ?? looksAt(condition)
  known.set(condition, found)
  return found
}

/**
 * Why a rule gave its value: by chance, by what it asks of the visitor, for those whom the rules before it leave, or to everyone.
 * `DEFAULT` without a rule.
 */
export const reasonOf = ({ condition, isRest }: Variation): 'SPLIT' | 'TARGETING_MATCH' | 'DEFAULT' | 'STATIC' => {
  if (isRest === undefined) return 'DEFAULT'
  const { chance, visitor } = readOnce(condition)
  if (chance) return 'SPLIT'
  if (visitor) return 'TARGETING_MATCH'
  return isRest ? 'DEFAULT' : 'STATIC'
}

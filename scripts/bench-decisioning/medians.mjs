import { median } from './turns.mjs'

/** Results of one shape, made one: each number is the median of all, and what is no number is that of the first. */
export const mediansOf = (results) => {
  const [first] = results
  if (typeof first === 'number') return median(results)
  if (Array.isArray(first)) return first.map((_, at) => mediansOf(results.map((result) => result[at])))
  if (typeof first !== 'object' || first === null) return first
  return Object.fromEntries(Object.keys(first).map((key) => [key, mediansOf(results.map((result) => result[key]))]))
}

/** How many letters must be added, left out, changed or swapped with their neighbour to make one word of the other. */
const distance = (from: string, to: string): number => {
  let before: number[] = []
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (let at = 1; at <= from.length; at++) {
    const next = [at]
    for (let other = 1; other <= to.length; other++) {
      const isSame = from[at - 1] === to[other - 1]
      const isSwapped = from[at - 1] === to[other - 2] && from[at - 2] === to[other - 1]
      const changed = (row[other - 1] as number) + (isSame ? 0 : 1)
      const swapped = isSwapped ? (before[other - 2] as number) + 1 : Infinity
      next[other] = Math.min(changed, swapped, (row[other] as number) + 1, (next[other - 1] as number) + 1)
    }
    before = row
    row = next
  }
  return row[to.length] as number
}

/** The word that was most likely meant; undefined when none is near. */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  const begun = known.filter((name) => word.length > 1 && name.startsWith(word))
  if (begun.length === 1) return begun[0]
  const [best] = known
    .map((name) => ({ name, far: distance(word, name) }))
    .sort((one, other) => one.far - other.far)
    .filter(({ name, far }) => far <= Math.max(1, Math.min(word.length, name.length) / 3))
  return best?.name
}

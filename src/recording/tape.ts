import { nearestShape } from './shape.ts'

type Shape = readonly string[]

const said = (shape: Shape): string => shape.join(', ')

/** The sentence for a request that was not recorded. */
export const missing = (shape: Shape, shapes: readonly Shape[]): string => {
  const at = nearestShape(shape, shapes)
  const nearest = shapes[at]
  if (!nearest) return `The recording is empty, and this asks: ${said(shape)}. Record it with isotarget record`
  const less = nearest.filter((line) => !shape.includes(line))
  const more = shape.filter((line) => !nearest.includes(line))
  const differs = [...more.map((line) => `+ ${line}`), ...less.map((line) => `− ${line}`)].join(', ')
  return `No recorded call asks: ${said(shape)}. The nearest is number ${at + 1}: ${said(nearest)} (${differs}). Record anew, or ask as it was recorded`
}

/** Answers for each shape in the order in which they were recorded; the last one stays. */
export const createTape = (shapes: readonly Shape[]) => {
  const played = new Map<string, number>()
  const tracks = new Map<string, number[]>()
  for (const [at, shape] of shapes.entries()) {
    const key = shape.join('\n')
    tracks.set(key, [...(tracks.get(key) ?? []), at])
  }
  return {
    next(shape: Shape): number | undefined {
      const key = shape.join('\n')
      const track = tracks.get(key)
      if (!track) return undefined
      const count = played.get(key) ?? 0
      played.set(key, count + 1)
      return track[Math.min(count, track.length - 1)]
    },
    clear: () => played.clear(),
  }
}

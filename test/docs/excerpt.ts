/** A part of a file may stand further in there than in the guide. */
const lines = (text: string): string[] => text.trimEnd().split('\n')

const indentOf = (text: string): number =>
  Math.min(...lines(text).flatMap((line) => (line.trim() ? [line.search(/\S/)] : [])))

const outdented = (text: string): string =>
  lines(text)
    .map((line) => line.slice(indentOf(text)))
    .join('\n')

/** Whether a file has these lines, one after the other. */
export const holds = (file: string, code: string): boolean => {
  const wanted = lines(outdented(code))
  const all = lines(file)
  return all.some((_, at) => outdented(all.slice(at, at + wanted.length).join('\n')) === wanted.join('\n'))
}

import { stripVTControlCharacters } from 'node:util'

/** What no text of an artifact, a server or a visitor may do to a terminal: move about, colour, ring. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are looked for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g

/** A value as one line of text. */
export const plain = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  return text.replace(CONTROLS, ' ').trim()
}

/** A value as JSON that is as harmless to a terminal as it is to a program. */
export const json = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(/[\u007f-\u009f]/g, (found) => `\\u00${found.charCodeAt(0).toString(16)}`)

/** What can be shown of a value in a number of columns. */
export const cut = (text: string, columns: number): string =>
  text.length > columns ? `${text.slice(0, Math.max(1, columns - 1))}…` : text

/** A number as people write it: 12,345. */
export const count = (value: number, one?: string, many = `${one}s`): string => {
  const digits = value.toLocaleString('en-US')
  return one ? `${digits} ${value === 1 ? one : many}` : digits
}

/** A size as people write it: 841 kB. */
export const bytes = (value: number): string => {
  if (value < 1000) return count(value, 'byte')
  const [size, unit] = value < 999_500 ? [value / 1000, 'kB'] : [value / 1e6, 'MB']
  return `${size.toLocaleString('en-US', { maximumSignificantDigits: 3 })} ${unit}`
}

const columnsOf = (cell: string): number => stripVTControlCharacters(cell).length

/** Rows under each other, each column as wide as its widest cell; the last one runs free. */
export const table = (rows: readonly (readonly string[])[], indent = ''): string => {
  const widths: number[] = []
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, columnsOf(cell))
  const lines = rows.map((row) => {
    const padded = row.map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - columnsOf(cell)))
    return (indent + padded.join('  ')).trimEnd()
  })
  return lines.join('\n')
}

/** Words in lines of at most so many columns, the second and later lines indented. */
export const wrapped = (text: string, columns: number, indent = ''): string => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line ? `${line} ${word}` : word
    if (line && columnsOf(longer) > columns) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line].join(`\n${indent}`)
}

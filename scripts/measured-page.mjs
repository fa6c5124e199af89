// Pages whose tables are written by the script that measures them.

/** Numbers as they are kept: six digits are more than what is known. */
export const shortened = (_, value) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value)

const mark = (name, isEnd) => `<!-- ${isEnd ? '/' : ''}measured: ${name} -->`

/** Puts tables between their marks; a table without a mark goes nowhere. */
export const withTables = (page, tables) =>
  Object.entries(tables).reduce((text, [name, table]) => {
    const from = text.indexOf(mark(name))
    const to = text.indexOf(mark(name, true))
    if (from < 0 || to < from) return text
    return `${text.slice(0, from)}${mark(name)}\n\n${table}\n\n${text.slice(to)}`
  }, page)

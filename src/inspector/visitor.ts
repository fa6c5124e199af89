/** A cookie of the page that has to do with Target. */
export interface CookieRow {
  name: string
  value: string
  /** Of name and value together, in bytes. */
  size: number
}

/** Cookies that Target, its previews and the Experience Cloud ID write. */
const OURS = /^(mbox|mboxEdgeCluster|mboxDisable|mboxDebug|at_qa_mode|at_preview_mode|AMCVS?_.*|kndctr_.*|s_ecid)$/

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The cookies of `document.cookie` that have to do with Target. */
export const cookiesOf = (text: string): CookieRow[] =>
  text.split(/; */).flatMap((part) => {
    const at = part.indexOf('=')
    const name = decoded(part.slice(0, at))
    if (at < 1 || !OURS.test(name)) return []
    return [{ name, value: part.slice(at + 1), size: new TextEncoder().encode(part).length }]
  })

/** Session and device id as the `mbox` cookie has them. */
export interface SessionRow {
  sessionId?: string
  /** How long the session lasts if nothing more happens, in minutes. */
  minutes?: number
  tntId?: string
}

/** Reads the `mbox` cookie, in either of its dialects; what has expired is passed over. `now` in epoch ms. */
export const sessionOf = (cookies: readonly CookieRow[], now: number): SessionRow => {
  const value = cookies.find(({ name }) => name === 'mbox')?.value ?? ''
  const text = value.includes('#') ? value : decoded(value)
  const row: SessionRow = {}
  for (const item of text.split('|')) {
    const [name, id, expires] = item.split('#').map(decoded)
    const left = Number(expires) * 1000 - now
    if (!id || !(left > 0)) continue
    if (name === 'session') Object.assign(row, { sessionId: id, minutes: Math.ceil(left / 60_000) })
    if (name === 'PC') row.tntId = id
  }
  return row
}

/** The start of a value that is too long for a line. */
export const shortened = (value: string): string =>
  value.length > 28 ? `${value.slice(0, 18)}…${value.slice(-6)}` : value

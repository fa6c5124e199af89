/**
 * Members that say who a visitor is or what they did, or let somebody act in their name; and texts that hold all of a request or an
 * answer, or are too long for a line.
 */
const HIDDEN =
  /^((?!request|impression)\w+Ids?|\w*([tT]okens?|[pP]arameters)|blob|state|trace|ipAddress|order|body|text|received|\w+(Message|Payload))$/

/**
 * What a log may show of a value: a copy in which what is hidden is named, and addresses have no query. An error of this package loses
 * its message, which may repeat what a caller has sent; its code, status and path stay. Another error is shown as it is, and by its text
 * where it is a member.
 */
export const redacted = (value: unknown, name = ''): unknown => {
  if (HIDDEN.test(name)) return '[redacted]'
  if (typeof value === 'string') return /url$/i.test(name) ? value.split('?')[0] : value
  if (typeof value !== 'object' || !value) return value
  if (value instanceof Error && value.name !== 'TargetError') return name ? `${value}` : value
  if (Array.isArray(value)) return value.map((item) => redacted(item))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redacted(item, key)]))
}

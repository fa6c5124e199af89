import type { StandIns } from './stand-ins.ts'

/** The address of a page without the values of its query but those that are kept, its fragment and its user. */
export const pageWithout = (text: string, standIns: StandIns, kept: ReadonlySet<string>): string => {
  if (!URL.canParse(text)) return standIns.of('value', text)
  const { protocol, host, pathname, searchParams } = new URL(text)
  if (protocol !== 'http:' && protocol !== 'https:') return standIns.of('value', text)
  const query = [...searchParams].map(([name, value]) => {
    const written = value === '' ? '' : kept.has(name) ? standIns.swept(value, 'ids') : standIns.of('value', value)
    return `${encodeURIComponent(standIns.swept(name, 'ids'))}=${encodeURIComponent(written)}`
  })
  // A key of the path may be a secret in its own spelling.
  return `${protocol}//${host}${standIns.swept(pathname, 'ids')}${query.length ? `?${query.join('&')}` : ''}`
}

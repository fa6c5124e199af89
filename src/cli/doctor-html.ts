/** An element of a page, as far as it is looked at. */
export interface PageElement {
  name: string
  /** Names are in lower case; an attribute without a value is an empty text. */
  attributes: Readonly<Record<string, string>>
  /** What is between the tags of a script or a style. */
  text: string
  /** Where it begins in the page. */
  at: number
}

/** Elements whose content is text to a browser that runs scripts. */
const RAW = ['script', 'style', 'textarea', 'title', 'noscript', 'xmp', 'iframe', 'noembed', 'noframes', 'template']

const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" }

const decoded = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39|#x27);/g, (_, name) => ENTITIES[name] ?? '')

const attributesOf = (text: string): Record<string, string> => {
  const found = new Map<string, string>()
  for (const [, name = '', double, single, bare] of text.matchAll(ATTRIBUTE)) {
    const key = name.toLowerCase()
    // The first one of a name holds.
    if (!found.has(key)) found.set(key, decoded(double ?? single ?? bare ?? ''))
  }
  return Object.fromEntries(found)
}

/** Where a tag ends; a sign in quotes does not end it. */
const endOfTag = (html: string, from: number): number => {
  let quote = ''
  for (let at = from; at < html.length; at++) {
    const sign = html[at] as string
    if (quote) {
      if (sign === quote) quote = ''
    } else if (sign === '>') return at
    // A quote only begins a value after its equals sign.
    else if ((sign === '"' || sign === "'") && /=\s*$/.test(html.slice(Math.max(from, at - 8), at))) quote = sign
  }
  return html.length
}

/** Lower case without a change in length, so that places in both are the same. */
const lowered = (html: string): string => html.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())

/** A tag and what belongs to it, from its `<` to where the next may begin. */
interface Tag {
  name: string
  /** Where its attributes begin, and where it ends. */
  start: number
  end: number
  after: number
}

const tagAt = (lower: string, at: number): Tag | undefined => {
  const name = /^<([a-z][a-z0-9-]*)/.exec(lower.slice(at, at + 40))?.[1]
  if (!name) return undefined
  const start = at + 1 + name.length
  const end = endOfTag(lower, start)
  if (!RAW.includes(name)) return { name, start, end, after: end + 1 }
  const close = lower.indexOf(`</${name}`, end)
  return { name, start, end, after: close < 0 ? lower.length : close }
}

const endOfComment = (html: string, at: number): number => {
  const end = html.indexOf('-->', at + 4)
  return end < 0 ? html.length : end + 3
}

/** All scripts, styles, metas and links of a page in their order, without those in comments, templates and texts. */
export const elementsOf = (html: string): PageElement[] => {
  const lower = lowered(html)
  const found: PageElement[] = []
  let after = 0
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', after)) {
    const tag = html.startsWith('<!--', at) ? undefined : tagAt(lower, at)
    after = tag?.after ?? (html.startsWith('<!--', at) ? endOfComment(html, at) : at + 1)
    if (!tag || !['script', 'style', 'meta', 'link'].includes(tag.name)) continue
    const attributes = attributesOf(html.slice(tag.start, tag.end))
    found.push({ name: tag.name, attributes, text: html.slice(tag.end + 1, after), at })
  }
  return found
}

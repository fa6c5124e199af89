import type { Recommend, WireOffer } from './offer.ts'

type Value = string | number | boolean | readonly string[]

/** What is known of an item, by the name of the attribute. */
type Item = Readonly<Record<string, Value>>

/** The items of an account, by their ids. */
export type Catalog = ReadonlyMap<string, Item>

const ENTITY = 'entity.'

/** Ids in a parameter such as `excludedIds`. */
const idsIn = (text: string | undefined): string[] => (text ? text.split(',').map((id) => id.trim()) : [])

/** What is known of the item that is looked at: what the file says, and what the call says of it as `entity.…`. */
const seenOf = (catalog: Catalog, parameters: Readonly<Record<string, string>>): Item => ({
  ...catalog.get(parameters[`${ENTITY}id`] ?? ''),
  ...Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) =>
      name.startsWith(ENTITY) ? [[name.slice(ENTITY.length), value]] : [],
    ),
  ),
})

const own = (item: Item, name: string): Value | undefined => (Object.hasOwn(item, name) ? item[name] : undefined)

const textsOf = (value: Value | undefined): string[] => (value === undefined ? [] : [value].flat().map(String))

/** Ids that may be shown, the best first: those that the item names, those that are like it, those that always do. */
const candidatesOf = ({ list, same, items = [] }: Recommend, catalog: Catalog, seen: Item): string[] => {
  const listed = list === undefined ? [] : textsOf(own(seen, list)).flatMap(idsIn)
  const wanted = same === undefined ? [] : textsOf(own(seen, same))
  const alike = [...catalog].flatMap(([id, item]) =>
    same !== undefined && textsOf(own(item, same)).some((value) => wanted.includes(value)) ? [id] : [],
  )
  return [...listed, ...alike, ...items]
}

const ESCAPED: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;' },
  ...{ '"': '&quot;', "'": '&#39;' },
}

/** Fills the gaps of a template, such as `${name}`. What is not known leaves nothing. */
const filled = (template: string, find: (name: string) => string): string =>
  template.replace(/\$\{([\w.]+)\}/g, (_, name: string) => find(name))

const written = (template: string, id: string, item: Item): string =>
  filled(template, (name) =>
    textsOf(name === 'id' ? id : own(item, name))
      .join(', ')
      .replace(/[&<>"']/g, (mark) => ESCAPED[mark] ?? mark),
  )

/**
 * Chooses items by the `entity.id` of a call and writes them into an offer. Left out are the item itself, those in the
 * parameters `excludedIds` and `cartIds`, and those that the catalogue does not have. Nothing to show is the default content.
 */
export const recommended = (
  { recommend, ...named }: WireOffer & { recommend: Recommend },
  catalog: Catalog,
  parameters: Readonly<Record<string, string>>,
): WireOffer => {
  const { html, around, most = 4 } = recommend
  const seen = seenOf(catalog, parameters)
  const out = [parameters[`${ENTITY}id`], ...idsIn(parameters.excludedIds), ...idsIn(parameters.cartIds)]
  const ids = [...new Set(candidatesOf(recommend, catalog, seen))].filter((id) => catalog.has(id) && !out.includes(id))
  const chosen = ids.slice(0, most).map((id) => [id, catalog.get(id) ?? {}] as const)
  if (!chosen.length) return named
  if (html === undefined)
    return { ...named, type: 'json', content: { items: chosen.map(([id, item]) => ({ ...item, id })) } }
  const all = chosen.map(([id, item]) => written(html, id, item)).join('')
  return { ...named, type: 'html', content: around === undefined ? all : filled(around, () => all) }
}

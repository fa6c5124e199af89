import type { Fetched } from './doctor-fetch.ts'
import { elementsOf, type PageElement } from './doctor-html.ts'
import { type Policy, policiesOf } from './doctor-policy.ts'

/** Which library an element brings. */
type Library = 'isotarget' | 'at.js' | 'alloy'

/** A library on a page. */
interface Found {
  library: Library
  element: PageElement
}

/** A page, taken apart. */
export interface Site {
  url: URL
  headers: Headers
  elements: readonly PageElement[]
  /** Those of the headers and those of the page; all of them hold. */
  policies: readonly Policy[]
  /** Policies that only report. */
  reported: readonly Policy[]
  libraries: readonly Found[]
  /** A tag manager, which may bring a library later. */
  manager: PageElement | undefined
  /** What hides the page until offers are there. */
  prehiding: PageElement | undefined
  /** Settings in the attributes of our script. */
  settings: Readonly<Record<string, string>>
}

const fileOf = (src: string): string => src.replace(/[?#].*$/, '').replace(/^.*\//, '')

const libraryOf = ({ name, attributes, text }: PageElement): Library | undefined => {
  if (name !== 'script') return undefined
  const { src } = attributes
  const file = fileOf(src ?? '')
  if (/^isotarget.*\.js$/i.test(file) || ('data-client' in attributes && 'data-organization-id' in attributes))
    return 'isotarget'
  if (/^at(-?\d[\d.]*)?(\.min)?\.js$/i.test(file)) return 'at.js'
  if (/^alloy(\.min)?\.js$/i.test(file)) return 'alloy'
  return src === undefined && /__alloyNS/.test(text) && /configure/.test(text) ? 'alloy' : undefined
}

const MANAGER =
  /^https?:\/\/assets\.adobedtm\.com\/|^https?:\/\/www\.googletagmanager\.com\/gtm\.js|^https?:\/\/tags\.tiqcdn\.com\//

const HIDING = /isotarget-prehide|at-body-style|alloy-prehiding/

const isMetaPolicy = ({ name, attributes }: PageElement): boolean =>
  name === 'meta' && attributes['http-equiv']?.toLowerCase() === 'content-security-policy'

const settingName = (attribute: string): string =>
  attribute.slice('data-'.length).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** The attributes of a script as settings: `data-organization-id` is `organizationId`. */
const settingsOf = (element: PageElement | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(element?.attributes ?? {})
      .filter(([name]) => name.startsWith('data-'))
      .map(([name, value]) => [settingName(name), value]),
  )

/** Takes a page apart. */
export const siteOf = ({ url, headers, text }: Fetched): Site => {
  const elements = elementsOf(text)
  const libraries = elements.flatMap((element) => {
    const library = libraryOf(element)
    return library ? [{ library, element }] : []
  })
  const own = libraries.find(({ library }) => library === 'isotarget')?.element
  return {
    url: new URL(url),
    headers,
    elements,
    policies: [
      ...policiesOf(headers.get('content-security-policy') ?? ''),
      ...elements.filter(isMetaPolicy).flatMap(({ attributes }) => policiesOf(attributes.content ?? '')),
    ],
    reported: policiesOf(headers.get('content-security-policy-report-only') ?? ''),
    libraries,
    manager: elements.find(({ attributes }) => MANAGER.test(attributes.src ?? '')),
    prehiding: elements.find(({ name, attributes, text: inner }) =>
      name === 'style' ? HIDING.test(attributes.id ?? '') : name === 'script' && HIDING.test(inner),
    ),
    settings: settingsOf(own),
  }
}

import { Refusal } from './outcome.ts'

type Kind = 'HTML' | 'Script' | 'ScriptURL'
type Policy = Record<`create${Kind}`, (text: string) => string>
interface TrustedTypes {
  createPolicy(name: string, rules: Policy): Policy
  getAttributeType(element: string, attribute: string): `Trusted${Kind}` | null
}

const factory = (): TrustedTypes | undefined => (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes

let policy: Policy | undefined
let refused: unknown

/** The text as a page with Trusted Types wants it, by the policy `isotarget`; as it is where the page wants nothing. */
export const trusted = (kind: Kind, text: string): string => {
  if (!policy && factory() && !refused) {
    const same = (text: string): string => text
    try {
      policy = factory()?.createPolicy('isotarget', { createHTML: same, createScript: same, createScriptURL: same })
    } catch (error) {
      // A page may list its policies without requiring them.
      refused = error
    }
  }
  return policy ? policy[`create${kind}`](text) : text
}

export const setAttribute = (element: Element, name: string, value: string): void => {
  const kind = factory()?.getAttributeType(element.localName, name)?.slice(7) as Kind | undefined
  element.setAttribute(name, kind ? trusted(kind, value) : value)
}

/** Names the failure that a page without our policy makes of everything. */
export const asRefusal = (error: unknown): unknown =>
  refused && error instanceof TypeError ? new Refusal('trusted-types', error) : error

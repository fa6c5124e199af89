/** A component of the pages on which offers are tested, for every framework. */
export type Part =
  | { is: 'mbox'; name: string; fallback: string; options?: PartOptions }
  | { is: 'offer'; name: string; fallback: string; options?: PartOptions }
  | { is: 'attribute'; name: string; field: string; value: number; options?: PartOptions }
  | { is: 'view'; name: string }
  /** So high that what comes after it is out of sight. */
  | { is: 'space' }
  | { is: 'text'; text: string }

export interface PartOptions {
  suspense?: boolean
  report?: 'mount' | 'visible' | false
  parameters?: Record<string, string>
}

/** What the page of a test is. */
export interface PageOfParts {
  parts: Part[]
  state?: unknown
  mboxes?: string[]
  report?: 'mount' | 'visible' | false
}

import type { RequestDetails } from './details.ts'
import type { MboxRequest } from './mbox.ts'
import type { ViewRequest } from './view.ts'

/** The name under which older clients know the page load. */
export const GLOBAL_MBOX = 'target-global-mbox'

/** Asks for the content of the page load: `{ execute: { pageLoad: pageLoad() } }`. */
export const pageLoad = (details: RequestDetails = {}): RequestDetails => ({ ...details })

/** Asks for one mbox: `mbox('hero', { parameters: { sku: 'a1' } })`. */
export const mbox = (name: string, details: Omit<MboxRequest, 'name'> = {}): MboxRequest => ({ ...details, name })

/** Asks for several mboxes, numbered in order; each is a name or an mbox. */
export const mboxes = (...items: (string | MboxRequest)[]): (MboxRequest & { index: number })[] =>
  items.map((item, index) =>
    typeof item === 'string' ? { name: item, index } : { ...item, index: item.index ?? index },
  )

/** Asks for one view: `view('checkout')`; without a name for all views. */
export const view = (name?: string, details: Omit<ViewRequest, 'name'> = {}): ViewRequest =>
  name === undefined ? { ...details } : { ...details, name }

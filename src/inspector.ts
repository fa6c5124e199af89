/**
 * The inspector: a panel in the page that shows what a client did. Loaded on demand, and nothing happens on import; its look, and how
 * it finds things, are withheld.
 * @module
 */
import type { Client } from './client/client.ts'
import { elementsOf } from './dom/render.ts'
import { type Inspector, startInspector } from './inspector/inspect.ts'

export type { Inspector } from './inspector/inspect.ts'

/** How an inspector starts. */
export interface InspectorOptions {
  /** Shows the panel at once; else the shortcut, Alt+Shift+O, or `open()` does. @default true */
  open?: boolean
}

/**
 * Shows what a client of this page does: requests, offers and why, notifications and their states, the visitor, QA modes. It counts
 * nothing.
 *
 * @example
 * const { inspect } = await import('isotarget/inspector')
 * inspect(target)
 */
export const inspect = (target: Client, options: InspectorOptions = {}): Inspector =>
  startInspector(target, { ...options, find: (answer) => elementsOf(answer, target) })

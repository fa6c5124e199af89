/**
 * The inspector of the script tag: the script loads it when it is asked for, or a bookmarklet does. It finds the page by the global of
 * the script.
 * @module
 */
import type { Client } from './client/client.ts'
import type { AnyEvent } from './client/events.ts'
import type * as dom from './dom.ts'
import { type Inspector, startInspector } from './inspector/inspect.ts'

/** The global of the script tag, as far as it is used. */
interface Installed extends Partial<Pick<typeof dom, 'elementsOf'>> {
  (command: 'target'): Promise<Client>
  (command: string): Promise<unknown>
  /** What happened before this file was there. */
  heard?: readonly [at: number, event: AnyEvent][]
  inspector?: Inspector
}

const { isotarget } = globalThis as { isotarget?: Installed }

const start = async (installed: Installed): Promise<void> => {
  const { elementsOf, heard } = installed
  const target = await installed('target')
  installed.inspector = startInspector(target, {
    find: (answer) => elementsOf?.(answer, target) ?? new Map(),
    heard,
    answered: installed('answered'),
  })
}

if (!isotarget) alert('isotarget is not on this page')
else if (isotarget.inspector) isotarget.inspector.open()
else void start(isotarget)

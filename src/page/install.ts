import type { TargetClientStatic } from '../client/target-client.ts'
import { invalid } from '../delivery/error.ts'
import { showSnippet } from '../dom/prehide.ts'
import { loadInspector } from './inspector.ts'
import { type Around, type Page, startPage } from './page.ts'
import { type PageSettings, settingsOf } from './settings.ts'

/** A command of a page, such as `isotarget('triggerView', 'home')`, and who waits for what comes of it. */
type Waiting = [
  asked: [command: string, ...args: unknown[]],
  resolve: (value: unknown) => void,
  reject: (error: unknown) => void,
]

/** What a page calls: a command by its name. Before the script is there, a stub of the page keeps the calls in `q`. */
type Call = (command: string, ...args: unknown[]) => Promise<unknown>

/** The global as the page may have it before. */
type Found = { q?: Waiting[]; TargetClient?: unknown } | undefined

/** Commands of a page; those of its client come after. */
const perform = async (page: Page, [command, ...args]: Waiting[0]): Promise<unknown> => {
  for (const holder of [page, page.target] as unknown as Record<string, unknown>[]) {
    const found = Object.hasOwn(holder, command) ? holder[command] : undefined
    if (typeof found === 'function') return found.apply(holder, args)
    if (found !== undefined) return found
  }
  throw invalid(`isotarget has no command ${command}`, { received: command })
}

/** What the script needs of the door that it stands for. */
export interface Door extends Record<string, unknown> {
  TargetClient: TargetClientStatic
}

/** An edition of the script, which does more than this one. */
export interface Edition {
  /** The settings of the page: those that its author wrote for isotarget, and others. */
  settings(given: Partial<PageSettings>): Partial<PageSettings>
  around: Around
  onStart(page: Page): void
}

/** Starts the page; only once. */
export type Start = (settings: PageSettings) => Page

/**
 * Makes the global: a function that takes commands, with all names of the door. Starts the page when the script element or the global
 * `isotargetSettings` names a client, else with the command `start`. Calls that were made before are done now, in their order.
 */
export const install = (door: Door, editionOf?: (start: Start) => Edition | undefined): void => {
  const scope = globalThis as unknown as { isotarget: Found; isotargetSettings?: Partial<PageSettings> }
  const found = scope.isotarget
  if (found?.TargetClient) {
    console.warn('isotarget is on this page already: the second script does nothing')
    return
  }
  let started: (page: Page) => void
  let failed: (error: unknown) => void = () => {}
  const page = new Promise<Page>((resolve, reject) => {
    started = resolve
    failed = reject
  })
  // Whoever has made a call hears of it.
  page.catch(() => {})
  let isStarted = false
  const script = document.currentScript as HTMLScriptElement | null
  const start: Start = (settings) => {
    if (isStarted) throw invalid('The page is started already')
    const made = startPage(door.TargetClient, settings, edition?.around)
    isStarted = true
    edition?.onStart(made)
    Object.assign(call, { heard: loadInspector(made.target, script, settings.inspector) })
    started(made)
    return made
  }
  const call: Call = async (command, ...args) =>
    command === 'start' ? start(args[0] as PageSettings).loaded : page.then((made) => perform(made, [command, ...args]))
  scope.isotarget = Object.assign(call, door)

  const edition = editionOf?.(start)
  const written = { ...settingsOf(script), ...scope.isotargetSettings }
  const settings = edition?.settings(written) ?? written
  try {
    if (settings.client || settings.organizationId) start(settings as PageSettings)
  } catch (error) {
    console.error(error)
    showSnippet()
    failed(error)
  }
  for (const [asked, resolve, reject] of found?.q ?? []) call(...asked).then(resolve, reject)
}

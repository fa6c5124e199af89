import type { Client } from '../client/client.ts'
import { render, watchClicks } from '../dom/render.ts'
import type { Report } from '../dom/report.ts'
import type { Entry } from './entry.ts'
import { isAnswered, placementOf } from './snapshot.ts'
import { whenVisible } from './visible.ts'

/**
 * When the display of an offer is reported: `mount`, as soon as it is in the page, as `isotarget/dom` and at.js do; `visible`, when
 * half of its element is in view, or half of the view shows it; `false`, never: `target.display(mbox)` does it by hand.
 */
export type ReportMode = 'mount' | 'visible' | false

/** Where an offer is shown, and when that counts. */
export interface Appearance {
  report: ReportMode
  /** The element of the mbox: clicks on it are those on the mbox. `visible` needs one. */
  element: Element | null | undefined
}

const nothing = (): void => {}

/** Ends several things. */
const all =
  (...ends: (() => void)[]): (() => void) =>
  () => {
    for (const end of ends) end()
  }

/** Counts what is shown: each display once however often, and clicks wherever it is. */
const createCounting = (client: Client, report: Report) => {
  const tell = (entry: Entry): void => {
    const { snapshot, details, inPage, isReported } = entry
    if (isReported || !snapshot.mbox) return
    entry.isReported = true
    client.display(snapshot.mbox, { ...details, ...(inPage && { options: inPage }) })
  }

  const watch = (entry: Entry, element: Element): (() => void) => {
    const { elements, snapshot } = entry
    elements.add(element)
    if (snapshot.mbox) entry.unwatch ??= watchClicks(snapshot.mbox, report, () => [...elements])
    return () => {
      elements.delete(element)
      if (elements.size) return
      entry.unwatch?.()
      entry.unwatch = undefined
    }
  }

  const show = (entry: Entry, { report: mode, element }: Appearance): (() => void) => {
    if (!isAnswered(entry.snapshot)) return nothing
    const unwatch = element ? watch(entry, element) : nothing
    if (mode === 'mount') tell(entry)
    const unsee = mode === 'visible' && element ? whenVisible(element, () => tell(entry)) : nothing
    return all(unwatch, unsee)
  }

  /** The same of what is being rendered, as soon as something of it is in the page. */
  const showRendered = (entry: Entry, appearance: Appearance): (() => void) => {
    let stop = nothing
    const go = (): void => {
      stop()
      stop = show(entry, appearance)
    }
    if (entry.inPage) go()
    else entry.onInPage.add(go)
    return () => {
      entry.onInPage.delete(go)
      stop()
    }
  }
  return { show, showRendered }
}

/** Puts offers into elements, and counts them. */
export const createPresence = (client: Client, fail: (entry: Entry, error: unknown) => void) => {
  const rendered = new WeakMap<object, Entry>()
  const report: Report = {
    // What is rendered counts when its appearance says so.
    display(place, { options } = {}) {
      const entry = rendered.get(place)
      if (!entry) return
      entry.inPage = options
      for (const go of [...entry.onInPage]) go()
    },
    click: (place, details) => client.click(place, details),
  }
  const { show, showRendered } = createCounting(client, report)

  const fill = (entry: Entry, { report: mode, element }: Appearance & { element: Element }): (() => void) => {
    const { snapshot, name } = entry
    const { mbox } = snapshot
    if (!mbox) return nothing
    const gone = new AbortController()
    rendered.set(mbox, entry)
    // A page that is being left is not seen any more.
    const isLeaving = mode && snapshot.options.some(({ type }) => type === 'redirect')
    const stop = showRendered(entry, { report: isLeaving ? 'mount' : mode, element })
    const keep = placementOf(snapshot) === 'around'
    const options = { mboxes: { [name]: element }, clicks: false, keep, signal: gone.signal }
    render({ prefetch: { mboxes: [mbox] } }, report, options).then(({ places: [place], redirect }) => {
      const shown = place?.options.filter(({ actions }) => actions.length) ?? []
      if (redirect || gone.signal.aborted || !shown.length || shown.some((option) => option.shown)) return
      const [action] = shown.flatMap(({ actions }) => actions)
      fail(entry, action?.error ?? new Error(`Nothing of the offer could be shown: ${action?.reason}`))
    })
    return all(() => gone.abort(), stop)
  }

  return {
    /** Takes an offer as shown that is in the page. Gives the way to stop. */
    show,
    /**
     * Puts an offer of an mbox where it belongs: its HTML, with the scripts in it, into the element, which must be nobody's then; actions to
     * what they are for. `isThere` is for HTML that a server has put there. The default content is counted too, where it was decided; what
     * cannot be shown, such as JSON, is not. An offer of which nothing could be shown fails. Gives the way to stop.
     */
    present(entry: Entry, appearance: Appearance & { element: Element }, isThere: boolean): () => void {
      const { snapshot } = entry
      if (placementOf(snapshot) && !isThere) return fill(entry, appearance)
      const isShown = isThere || snapshot.status === 'none'
      return show(entry, { ...appearance, report: isShown && appearance.report })
    },
  }
}

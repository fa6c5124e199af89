import type { Client } from '../client/client.ts'
import type { AnyEvent } from '../client/events.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import { html } from '../dom/element.ts'
import { measuredCalls } from './earlier.ts'
import { writeLeft } from './memory.ts'
import { createOutline } from './outline.ts'
import { createHost, createPanel } from './panel.ts'
import { createRecord, type Record } from './record.ts'
import type { Finder, Scene } from './scene.ts'
import { createCallsView } from './show-calls.ts'
import { createOffersView } from './show-offers.ts'
import { createQaView } from './show-qa.ts'
import { createQueueView, tallyOf } from './show-queue.ts'
import { createVisitorView } from './show-visitor.ts'
import type { Tab, View } from './tabs.ts'

/** An inspector that is on a page. */
export interface Inspector {
  /** Shows the panel. */
  open(): void
  /** Takes the panel away; the shortcut, Alt+Shift+O, brings it back. What happens meanwhile is still heard. */
  close(): void
  /** Takes the inspector away, with all its listeners. */
  remove(): void
}

/** What an inspector is given. */
export interface InspectorParts {
  /** Shows the panel at once. @default true */
  open?: boolean
  /** Finds the elements that show an answer. */
  find: Finder
  /** What has happened before, and when, in ms since the page began. */
  heard?: readonly (readonly [at: number, event: AnyEvent])[] | undefined
  /** What the page load was answered, for an inspector that came later. */
  answered?: PromiseLike<unknown> | undefined
}

const now = (): number => performance.now()

/** What the browser remembers of calls that nobody heard of. */
const addEarlier = (record: Record): void => {
  for (const { name, startTime, responseEnd, responseStatus } of measuredCalls()) {
    const status = responseStatus ? { status: responseStatus } : {}
    record.add({ kind: 'earlier', where: 'edge', at: startTime, end: responseEnd, url: name, ...status })
  }
}

/** Adds what the page load was answered, unless that was heard. */
const addAnswered = (record: Record, given: unknown): void => {
  const { request, response } = given as { request?: DeliveryRequest; response?: DeliveryResponse }
  const answer = response ?? (given as DeliveryResponse)
  const { calls } = record.journal
  if (!answer || !(answer.execute || answer.prefetch) || calls.some((call) => call.response === answer)) return
  const known = request && calls.find(({ kind }) => kind === 'earlier')
  const about = { kind: 'offers' as const, response: answer, status: answer.status ?? 200, ...(request && { request }) }
  // It left as this text.
  if (known) Object.assign(known, { ...about, body: JSON.stringify(request) })
  else record.add({ ...about, where: request ? 'edge' : 'server', at: 0, end: 0 })
}

/** A note for a page that ran before anybody listened. */
const withNote = (view: View, { journal }: Scene): View => {
  const reload = (): void => location.reload()
  const note = html(
    'div',
    { class: 'note odd' },
    html('p', {}, 'The page asked before the inspector came: some of it is only known by its time.'),
    html('button', { type: 'button', onclick: reload }, 'Reload with the inspector'),
  )
  const element = html('div', {}, note, view.element)
  return {
    element,
    show(): void {
      note.hidden = !journal.calls.some(({ kind }) => kind === 'earlier')
      view.show()
    },
  }
}

const tabsOf = (scene: Scene): Tab[] => {
  const { journal } = scene
  const offers = createOffersView(scene)
  return [
    { id: 'offers', label: 'Offers', view: withNote(offers, scene), count: () => ({ text: offers.count() }) },
    {
      id: 'requests',
      label: 'Requests',
      view: withNote(createCallsView(scene), scene),
      count: () => ({ text: journal.calls.length, look: journal.calls.some(({ error }) => error) ? 'bad' : '' }),
    },
    {
      id: 'queue',
      label: 'Queue',
      view: createQueueView(scene),
      count() {
        const { waiting, sending, held, refused } = tallyOf(journal.queue.values())
        return refused ? { text: refused, look: 'bad' } : { text: waiting + sending + held, look: 'odd' }
      },
    },
    { id: 'visitor', label: 'Visitor', view: createVisitorView(scene) },
    { id: 'qa', label: 'QA', view: createQaView(scene) },
  ]
}

/** Whose page it is, and which edge answered. */
const accountOf = ({ journal }: Scene): string => {
  const last = journal.calls.filter(({ response }) => response).at(-1)?.response
  const edge = /^mboxedge(\d+)/.exec(last?.edgeHost ?? '')?.[1]
  return [last?.client, edge && `edge ${edge}`].filter(Boolean).join(' · ')
}

/** Alt+Shift+O. */
const onShortcut =
  (act: () => void) =>
  ({ altKey, shiftKey, code }: KeyboardEvent): void => {
    if (altKey && shiftKey && code === 'KeyO') act()
  }

/** Follows a client and shows what it does. Counts nothing, and changes nothing in the page. */
export const startInspector = (target: Client, parts: InspectorParts): Inspector => {
  const { open = true, find, heard, answered } = parts
  const { host, root, layer } = createHost()
  let timer: ReturnType<typeof setTimeout> | undefined
  const refresh = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      panel.refresh()
    }, 30)
  }
  const record = createRecord(now, refresh)
  const scene: Scene = { target, journal: record.journal, outline: createOutline(layer), find, refresh }
  for (const [at, event] of heard ?? []) record.hear(at, event)
  const stop = target.on('*', (event) => record.hear(now(), event))
  if (!heard) addEarlier(record)
  // Who could not be answered is heard of by the events.
  answered?.then(
    (given) => {
      addAnswered(record, given)
      refresh()
    },
    () => {},
  )

  let before: HTMLElement | null = null
  const close = (): void => {
    scene.outline.hide()
    panel.close()
    before?.focus()
  }
  const panel = createPanel(root, { tabs: tabsOf(scene), account: () => accountOf(scene), onClose: close })
  const toggle = onShortcut(() => {
    if (panel.isOpen()) return close()
    before = document.activeElement as HTMLElement | null
    panel.open()
    panel.focus()
  })
  addEventListener('keydown', toggle, true)
  // Elements come and go, and sessions end, without an event.
  const clock = setInterval(() => document.visibilityState === 'visible' && panel.refresh(), 1000)
  document.documentElement.append(host)
  if (open) panel.open()

  return {
    open: panel.open,
    close,
    remove(): void {
      stop()
      removeEventListener('keydown', toggle, true)
      clearInterval(clock)
      clearTimeout(timer)
      scene.outline.hide()
      host.remove()
      writeLeft(undefined)
    },
  }
}

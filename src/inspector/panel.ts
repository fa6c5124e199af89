import { html } from '../dom/element.ts'
import { type Left, NAME, readLeft, writeLeft } from './memory.ts'
import { iconButton } from './parts.ts'
import { STYLE } from './style.ts'
import { createTabs, type Tab } from './tabs.ts'

/** What stops at the inspector: shortcuts and listeners of the page are not meant for it. */
const OWN = [
  'click',
  'dblclick',
  'pointerdown',
  'pointerup',
  'mousedown',
  'mouseup',
  'touchstart',
  'keydown',
  'keyup',
  'keypress',
  'input',
  'change',
  'submit',
  'copy',
  'paste',
  'focusin',
  'focusout',
]

/** Smallest and largest size by which a panel can be drawn, in px. */
const [LEAST, MOST] = [300, 1600]
/** What an arrow key adds, in px. */
const STEP = 24

/** The element that holds everything, beside the body: selectors of offers that begin at the body do not count it. */
export const createHost = () => {
  const host = document.createElement(NAME)
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(STYLE)
  root.adoptedStyleSheets = [sheet]
  const layer = html('div', { 'aria-hidden': true })
  root.append(layer)
  for (const name of OWN) host.addEventListener(name, (event) => event.stopPropagation())
  return { host, root, layer }
}

const isPhone = (): boolean => matchMedia('(max-width: 480px)').matches

/** The handle at the edge of the panel, by pointer and by arrow keys. */
const createGrip = (panel: HTMLElement, left: Left, save: () => void): HTMLElement => {
  const grip = html('div', { class: 'grip', role: 'separator', tabindex: 0, 'aria-label': 'Size of the inspector' })
  const isHigh = (): boolean => left.dock === 'bottom' || isPhone()
  const resize = (size: number): void => {
    const most = isHigh() ? innerHeight : innerWidth
    left.size = Math.round(Math.min(Math.max(size, LEAST), MOST, most - 24))
    panel.style.setProperty('--size', `${left.size}px`)
    grip.setAttribute('aria-valuenow', `${left.size}`)
  }
  const sizeNow = (): number => (isHigh() ? panel.offsetHeight : panel.offsetWidth)
  grip.addEventListener('pointerdown', (event) => grip.setPointerCapture(event.pointerId))
  grip.addEventListener('pointermove', (event) => {
    if (!grip.hasPointerCapture(event.pointerId)) return
    const { right, bottom } = panel.getBoundingClientRect()
    resize(isHigh() ? bottom - event.clientY : right - event.clientX)
  })
  grip.addEventListener('pointerup', save)
  grip.addEventListener('keydown', ({ key }) => {
    const by = { ArrowLeft: STEP, ArrowUp: STEP, ArrowRight: -STEP, ArrowDown: -STEP }[key]
    if (!by) return
    resize(sizeNow() + by)
    save()
  })
  if (left.size) resize(left.size)
  return grip
}

const mark = (): HTMLElement => html('span', { class: 'mark', 'aria-hidden': true })

const headerOf = (about: HTMLElement, dock: HTMLElement, on: { shrink(): void; onClose(): void }): HTMLElement =>
  html(
    'header',
    {},
    html('h1', {}, mark(), html('span', {}, 'isotarget ', html('em', {}, 'inspector'))),
    about,
    dock,
    iconButton('down', 'Make it small', on.shrink),
    iconButton('close', 'Close (Escape)', on.onClose),
  )

/** What a panel needs. */
export interface PanelParts {
  tabs: readonly Tab[]
  /** Whose page it is, in a line. */
  account(): string
  onClose(): void
}

/** The panel with its header and tabs, and the pill that it can be made to. */
export const createPanel = (root: ShadowRoot, { tabs, account, onClose }: PanelParts) => {
  const left = readLeft()
  let isOpen = false
  const save = (): void => writeLeft(isOpen ? left : undefined)
  const shown = createTabs(tabs, left.tab, (id) => {
    left.tab = id
    save()
  })
  const about = html('span', { class: 'account' })
  const dock = html('span', { class: 'side' })
  const panel = html('section', { class: 'panel', 'aria-label': 'isotarget inspector' })
  const pill = html('button', { type: 'button', class: 'pill', onclick: () => shrink(false) }, mark(), 'isotarget')

  const draw = (): void => {
    panel.hidden = !isOpen || left.isSmall
    pill.hidden = !isOpen || !left.isSmall
    panel.classList.toggle('bottom', left.dock === 'bottom')
    const other = left.dock === 'bottom' ? 'right' : 'bottom'
    dock.replaceChildren(
      iconButton(other, `Dock to the ${other}`, () => {
        Object.assign(left, { dock: other, size: 0 })
        panel.style.removeProperty('--size')
        save()
        draw()
        dock.querySelector('button')?.focus()
      }),
    )
    save()
  }
  const shrink = (isSmall: boolean): void => {
    left.isSmall = isSmall
    draw()
    if (isSmall) pill.focus()
    else shown.focus()
    refresh()
  }
  const refresh = (): void => {
    if (!isOpen || left.isSmall) return
    about.textContent = account()
    shown.show()
  }
  const header = headerOf(about, dock, { shrink: () => shrink(true), onClose })
  panel.append(createGrip(panel, left, save), header, shown.list, shown.panel)
  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') onClose()
  })
  root.append(panel, pill)
  draw()
  return {
    refresh,
    isOpen: (): boolean => isOpen,
    open(): void {
      isOpen = true
      draw()
      shown.start()
      refresh()
    },
    focus: (): void => (left.isSmall ? pill.focus() : shown.focus()),
    close(): void {
      isOpen = false
      draw()
    },
  }
}

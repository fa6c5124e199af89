import { html } from '../dom/element.ts'

/** Something that can be shown in the panel. */
export interface View {
  element: HTMLElement
  /** Draws what has changed. */
  show(): void
}

/** A tab of the panel. */
export interface Tab {
  id: string
  label: string
  view: View
  /** A number beside the label, and how it looks; undefined for none. */
  count?(): { text: number; look?: string } | undefined
}

/** Tabs as the ARIA Authoring Practices have them: arrows, Home and End move, one tab at a time is in the order of the page. */
export const createTabs = (tabs: readonly Tab[], chosen: string, onChoose: (id: string) => void) => {
  let current = tabs.find(({ id }) => id === chosen) ?? (tabs[0] as Tab)
  const counts = new Map(tabs.map(({ id }) => [id, html('span', { class: 'count' })]))
  const buttons = tabs.map((tab) =>
    html(
      'button',
      { type: 'button', role: 'tab', id: `tab-${tab.id}`, 'aria-controls': 'tab-panel', onclick: () => choose(tab) },
      tab.label,
      counts.get(tab.id),
    ),
  )
  const list = html('div', { role: 'tablist', 'aria-label': 'Parts of the inspector' }, ...buttons)
  const panel = html('div', { role: 'tabpanel', id: 'tab-panel', tabindex: -1 })

  const choose = (tab: Tab): void => {
    const isOther = current !== tab || !panel.firstChild
    current = tab
    for (const [at, button] of buttons.entries()) {
      const isChosen = tabs[at] === tab
      button.setAttribute('aria-selected', `${isChosen}`)
      button.tabIndex = isChosen ? 0 : -1
      if (isChosen) button.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    }
    panel.setAttribute('aria-labelledby', `tab-${tab.id}`)
    if (isOther) {
      panel.replaceChildren(tab.view.element)
      panel.scrollTop = 0
    }
    onChoose(tab.id)
    show()
  }
  const show = (): void => {
    for (const { id, count } of tabs) {
      const element = counts.get(id) as HTMLElement
      const { text, look = '' } = count?.() ?? { text: 0 }
      element.hidden = !text
      element.className = `count ${look}`
      if (element.textContent !== `${text}`) element.textContent = `${text}`
    }
    current.view.show()
  }
  list.addEventListener('keydown', (event) => {
    const last = tabs.length - 1
    const at = tabs.indexOf(current)
    const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key]
    if (next === undefined) return
    event.preventDefault()
    choose(tabs[next] as Tab)
    buttons[next]?.focus()
  })
  return {
    list,
    panel,
    show,
    start: (): void => choose(current),
    focus: (): void => buttons[tabs.indexOf(current)]?.focus(),
  }
}

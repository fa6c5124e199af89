/** The parameter of an address that asks for the inspector, and the key under which the tab remembers it. */
export const NAME = 'isotarget-inspector'

/** How the panel was left. */
export interface Left {
  tab: string
  dock: 'right' | 'bottom'
  /** Width or height, in px; 0 for that of the style. */
  size: number
  isSmall: boolean
}

const fresh: Left = { tab: 'offers', dock: 'right', size: 0, isSmall: false }

/** How the panel was left in this tab. What is stored may be anybody's text. */
export const readLeft = (): Left => {
  try {
    const { tab, dock, size, isSmall } = Object(JSON.parse(sessionStorage[NAME] ?? '{}'))
    return {
      tab: typeof tab === 'string' ? tab : fresh.tab,
      dock: dock === 'bottom' ? dock : fresh.dock,
      size: size > 0 ? Number(size) : 0,
      isSmall: isSmall === true,
    }
  } catch {
    return { ...fresh }
  }
}

/** Remembers it until the tab is closed, or forgets it, and that anybody wanted an inspector. */
export const writeLeft = (left: Left | undefined): void => {
  try {
    if (left) sessionStorage[NAME] = JSON.stringify(left)
    else sessionStorage.removeItem(NAME)
  } catch {
    // A page without storage begins anew.
  }
}

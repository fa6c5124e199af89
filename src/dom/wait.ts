/** Looks again whenever the page has changed, before it is painted. */
export interface Watch {
  /** Looks into a shadow root too, or waits for the element to get one. */
  include(root: ShadowRoot | Element): void
  stop(): void
}

const CHANGES = { childList: true, subtree: true, attributes: true, attributeFilter: ['id', 'class'] }

/** Watches the document without polling. */
export const watchPage = (look: () => void): Watch => {
  const observer = new MutationObserver(look)
  observer.observe(document, CHANGES)
  return {
    include(root) {
      if (root instanceof ShadowRoot) observer.observe(root, CHANGES)
      else if (root.localName.includes('-') && !customElements.get(root.localName))
        customElements.whenDefined(root.localName).then(look, () => {})
    },
    stop: () => observer.disconnect(),
  }
}

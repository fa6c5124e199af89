import { html } from '../dom/element.ts'

/** Frames around elements of the page, drawn above it: nothing in the page is changed. */
export const createOutline = (layer: HTMLElement) => {
  let elements: readonly Element[] = []
  let title = ''
  let frame = 0

  const place = (box: HTMLElement, element: Element): void => {
    const { left, top, width, height } = element.getBoundingClientRect()
    for (const [name, value] of Object.entries({ left, top, width, height }))
      box.style.setProperty(name, `${Math.round(value)}px`)
    box.classList.toggle('within', top < 24)
  }
  const draw = (): void => {
    const boxes = [...layer.children] as HTMLElement[]
    for (const [at, element] of elements.entries()) {
      const box = boxes[at] ?? html('div', { class: 'outline' }, html('span', {}, title))
      if (!boxes[at]) layer.append(box)
      place(box, element)
    }
    frame = elements.length ? requestAnimationFrame(draw) : 0
  }

  return {
    show(around: readonly Element[], label: string): void {
      cancelAnimationFrame(frame)
      layer.replaceChildren()
      elements = around.filter((element) => element.isConnected)
      title = label
      draw()
    },
    hide(): void {
      cancelAnimationFrame(frame)
      elements = []
      layer.replaceChildren()
    },
    /** Brings the first of some elements into view. */
    reveal(around: readonly Element[]): void {
      const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches
      around[0]?.scrollIntoView({ block: 'center', behavior: isCalm ? 'auto' : 'smooth' })
    },
  }
}

export type Outline = ReturnType<typeof createOutline>

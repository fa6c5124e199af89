/** So fine that half a window is met within an element that is ten windows high. */
const STEPS = Array.from({ length: 21 }, (_, step) => step / 20)

/** Half of the element is in view, or half of the view shows it. */
const isSeen = ({
  isIntersecting,
  intersectionRatio,
  intersectionRect,
  rootBounds,
}: IntersectionObserverEntry): boolean =>
  isIntersecting &&
  (intersectionRatio >= 0.5 || (rootBounds !== null && intersectionRect.height >= rootBounds.height / 2))

/** Calls once when the element is seen; at once where nobody can say. Gives the way to stop. */
export const whenVisible = (element: Element, then: () => void): (() => void) => {
  if (typeof IntersectionObserver === 'undefined') {
    then()
    return () => {}
  }
  const observer = new IntersectionObserver(
    (seen) => {
      if (!seen.some(isSeen)) return
      observer.disconnect()
      then()
    },
    { threshold: STEPS },
  )
  observer.observe(element)
  return () => observer.disconnect()
}

// Runs in the page, first of all, and is the same for everybody: looks in every frame at what a visitor sees.

/** It is written into the page as text, so it sees nothing of its surroundings here. */
export const watch = ({ signs, changed, hasToLeave }) => {
  const lab = { paints: {}, largest: 0, shift: 0, longTasks: [], seen: {}, firstTime: {}, defaults: {} }
  globalThis.lab = lab

  const observe = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true })
  observe('paint', ({ name, startTime }) => {
    lab.paints[name] = startTime
  })
  observe('largest-contentful-paint', ({ startTime }) => {
    lab.largest = startTime
  })
  observe('layout-shift', ({ value }) => {
    lab.shift += value
  })
  observe('longtask', ({ duration }) => lab.longTasks.push(duration))

  const isSeen = (element) => element?.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  const at = (selector) => document.querySelector(selector)
  const isThere = ({ selector, text }) => at(selector)?.textContent.includes(text)
  lab.hidden = () =>
    ['body', ...changed, '#offers', '#foot'].filter((selector) => at(selector) && !isSeen(at(selector)))
  lab.inPage = () => signs.filter(isThere).map(({ name }) => name)

  const leave = () => {
    sessionStorage.lab = JSON.stringify({ ...lab, inPage: lab.inPage() })
    location.assign('/elsewhere')
  }
  /** Stamps what the frame shows when the frame is done. */
  const afterFrame = (stamp) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => stamp(performance.now())
    port2.postMessage('')
  }
  const expected = signs.filter(({ selector }) => selector !== '#never')
  const stamp = (now, found) => {
    for (const name of found) lab.seen[name] ??= now
    if (hasToLeave && !lab.isLeaving && expected.every(({ name }) => name in lab.seen)) {
      lab.isLeaving = true
      leave()
    }
  }
  const look = () => {
    const now = performance.now()
    const visible = signs.filter(({ selector }) => isSeen(at(selector)))
    const found = visible.filter(isThere).map(({ name }) => name)
    for (const sign of visible) if (!isThere(sign)) lab.defaults[sign.name] ??= now
    for (const selector of [...changed, '#foot']) if (isSeen(at(selector))) lab.firstTime[selector] ??= now
    if (found.some((name) => !(name in lab.seen))) afterFrame((done) => stamp(done, found))
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

import { afterAll, beforeAll, expect, test } from 'vitest'
import { askedOf, displaysOf, flushParts, openParts } from './bindings-shop.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser } from './engines/engine.ts'
import { bundleForPage } from './hydration-build.ts'
import { htmlOf, openEdge, saidIn } from './hydration-shop.ts'

const OFFERS = {
  offers: { hero: '<b>Sun</b>', promo: { json: { title: 'Summer sale' } }, other: { json: { title: 'Hats' } } },
}
const NAMES = ['promo', 'other', 'hero']

const CODE = `
  import { createElement as h, StrictMode } from 'react'
  import { createRoot } from 'react-dom/client'
  import { TargetClient } from '../../src/browser.ts'
  import { Waiting } from './hydration/react-waiting.ts'
  globalThis.target = TargetClient.create(options)
  const root = createRoot(document.querySelector('#root'), { onCaughtError: () => {} })
  root.render(h(StrictMode, null, h(Waiting, { client: target, mboxes: ${JSON.stringify(NAMES)} })))`

describeEngines('isotarget/react waits in a page', ({ launch }) => {
  let browser: Browser
  let code: string
  beforeAll(async () => {
    browser = await launch()
    code = await bundleForPage(CODE)
  })
  afterAll(() => browser?.close())

  test('in one boundary, for one call, and counts each once', async () => {
    const edge = await openEdge(OFFERS)
    const page = await openParts(browser, { code, edge })
    await expect.poll(() => htmlOf(page, '#hero')).toBe('<b>Sun</b>')
    expect(await htmlOf(page, '#promo')).toBe('Summer sale')
    expect(await htmlOf(page, '#other')).toBe('Hats')
    await expect.poll(() => displaysOf(edge)).toHaveLength(3)
    await flushParts(page)
    expect(displaysOf(edge)).toEqual([...NAMES].sort())
    expect(askedOf(edge)).toEqual([NAMES])
    expect(await saidIn(page)).toEqual([])
  })

  test('and gives the error to a boundary that wants it', async () => {
    const edge = await openEdge(OFFERS)
    edge.edge.fail({ status: 503, times: Number.POSITIVE_INFINITY })
    const page = await openParts(browser, { code, edge })
    await expect.poll(() => htmlOf(page, '#error')).toBe('HTTP_ERROR')
    expect(await saidIn(page)).toEqual([])
  })
})

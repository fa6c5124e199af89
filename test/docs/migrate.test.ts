import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import * as atjs from '../../src/atjs.ts'
import * as browser from '../../src/browser.ts'
import { createEmulator, type Emulator } from '../../src/emulator.ts'
import { openPage } from '../delivery-api/page.ts'
import { samples } from './markdown.ts'
import { ran, runSample } from './run-sample.ts'

let edge: Emulator

beforeEach(() => {
  edge = createEmulator({
    client: 'acme',
    offers: {
      activities: [
        {
          id: 1,
          name: 'Shop',
          experiences: [
            {
              name: 'Sun',
              offers: { hero: '<h1>Sun</h1>', flags: { json: { columns: 4 } } },
              views: { cart: [{ type: 'setText', selector: '#pay', content: 'Pay now' }] },
            },
          ],
          conversions: ['orderConfirmPage'],
        },
      ],
    },
  })
  vi.stubGlobal('fetch', edge)
  openPage()
  Object.assign(document, { dispatchEvent: () => true, getElementById: () => null, querySelector: () => null })
})
afterEach(() => vi.unstubAllGlobals())

/** Rendering is told, not done: it is tested in browsers. */
const dom = (shown: unknown[]) => ({
  prehide: () => () => {},
  createViews: () => ({ triggerView: async () => {} }),
  render: async (result: browser.Result, target: browser.Client) => {
    for (const mbox of result.response.prefetch?.mboxes ?? []) shown.push(target.display(mbox))
  },
})

it('at.js: a bundled page installs adobe.target', async () => {
  expect(await runSample('atjs-install', { modules: { 'isotarget/atjs': atjs } })).toEqual({ flags: { columns: 4 } })
  const { adobe } = globalThis as { adobe?: { target: object } }
  expect(Object.keys(adobe?.target ?? {})).toContain('triggerView')
  expect(edge.requests[0]?.url).toContain('client=acme')
})

it('at.js: a page that has moved on shows and counts', async () => {
  const shown: unknown[] = []
  await runSample('atjs-moved-on', { modules: { isotarget: browser, 'isotarget/dom': dom(shown) } })
  expect(shown).toHaveLength(1)
  await expect.poll(() => edge.ledger.total('conversion')).toBe(1)
})

it('alloy: the page load, views and an mbox are asked for at once', async () => {
  const shown: unknown[] = []
  const { done } = await runSample('alloy-moved', { modules: { isotarget: browser, 'isotarget/dom': dom(shown) } })
  await done
  expect(shown).toHaveLength(1)
  expect(edge.requests[0]?.body).toMatchObject({
    execute: { pageLoad: {} },
    prefetch: { mboxes: [{ name: 'hero' }], views: [{}] },
  })
})

it('every sample of both pages has run; what is HTML runs in browsers', () => {
  const mine = ['migrate-from-atjs.md', 'migrate-from-alloy.md'].map((name) => join('docs', name))
  const names = samples
    .filter(({ page, language }) => mine.includes(page) && language !== 'html')
    .map(({ name = 'one without a name' }) => name)
  expect(names.filter((name) => !ran.has(name))).toEqual([])
})

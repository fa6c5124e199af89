import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { fillFor } from '../../src/atjs/fill.ts'
import type { GlobalSettings } from '../../src/atjs/global-settings.ts'
import type { DeliveryRequestInput } from '../../src/delivery/request.ts'

beforeEach(() => {
  vi.stubGlobal('targetPageParams', () => ({ page: 1, mbox3rdPartyId: 'crm-page', at_property: 'token-page' }))
  vi.stubGlobal('targetPageParamsAll', () => 'all=1&mbox3rdPartyId=crm-all&productId=p1')
})
afterEach(() => vi.unstubAllGlobals())

const fill = async (request: DeliveryRequestInput, settings: GlobalSettings = {}) =>
  JSON.parse(JSON.stringify((await fillFor(settings)({ request })).request))

it('92. mboxes get what is said for all, the page load and views also what is said for them', async () => {
  const request = {
    execute: { mboxes: [{ name: 'hero', index: 3, parameters: { all: 2 } }] },
    prefetch: { views: [{}], pageLoad: {} },
  }
  const settings = { mboxParams: 'm=1', globalMboxParams: { g: 1 } }
  expect(await fill(request, settings)).toMatchObject({
    id: { thirdPartyId: 'crm-page' },
    property: { token: 'token-page' },
    execute: { mboxes: [{ name: 'hero', index: 3, parameters: { m: '1', all: 2 }, product: { id: 'p1' } }] },
    prefetch: { views: [{ parameters: { g: 1, page: 1, all: '1' } }], pageLoad: { parameters: { page: 1 } } },
  })
})

it('what is said for the page load is not said of a request for mboxes', async () => {
  const { id, property, execute } = await fill({ execute: { mboxes: [{ name: 'hero' }] } })
  expect([id, property]).toEqual([{ thirdPartyId: 'crm-all' }, undefined])
  expect(execute.mboxes[0].parameters).toEqual({ all: '1' })
})

it('the word of the caller wins, and what is not asked for stays so', async () => {
  const own = { id: { thirdPartyId: 'mine', tntId: 't.35_0' }, property: { token: 'mine' } }
  const request = { ...own, execute: { pageLoad: undefined, mboxes: [{ name: 'hero' }] } }
  const filled = await fill(request as unknown as DeliveryRequestInput)
  expect(filled).toMatchObject(own)
  expect(Object.keys(filled.execute)).toEqual(['mboxes'])
})

it('93. a provider that throws, fails, is late or has no version says nothing', async () => {
  const dataProviders = [
    {
      name: 'ok',
      version: '1',
      provider: (callback: (error: unknown, said: unknown) => void) => callback(null, 'ok=1'),
    },
    { name: 'late', version: '1', timeout: 20, provider: () => {} },
    {
      name: 'bad',
      version: '1',
      provider: (callback: (error: unknown, said: unknown) => void) => callback(1, 'bad=1'),
    },
    {
      name: 'throws',
      version: '1',
      provider: () => {
        throw new Error('no')
      },
    },
    { name: 'old', version: '', provider: () => {} },
  ]
  const { execute } = await fill({ execute: { mboxes: [{ name: 'hero' }] } }, { dataProviders })
  expect(execute.mboxes[0].parameters).toEqual({ ok: '1', all: '1' })
})

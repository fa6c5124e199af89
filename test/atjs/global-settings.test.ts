import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type GlobalSettings, pageSettingsOf } from '../../src/atjs/global-settings.ts'
import { sourceOf } from '../../src/page/consent.ts'

const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})

beforeEach(() => {
  vi.stubGlobal('location', { protocol: 'https:' })
  warn.mockClear()
})
afterEach(() => vi.unstubAllGlobals())

const account = { clientCode: 'acme', imsOrgId: 'ABC@AdobeOrg' }

it('names become those of a page', () => {
  const given: GlobalSettings = {
    ...account,
    serverDomain: 'target.acme.example',
    timeout: 1000,
    selectorsPollingTimeout: 100,
    visitorApiTimeout: 200,
    cookieDomain: 'acme.example',
    cspStyleNonce: 'n1',
    telemetryEnabled: false,
    decisioningMethod: 'hybrid',
    pollingInterval: 0,
    environment: 'staging',
  }
  expect(pageSettingsOf(given)).toMatchObject({
    client: 'acme',
    organizationId: 'ABC@AdobeOrg',
    tenant: 'client',
    serverDomain: 'target.acme.example',
    overrideMboxEdgeServer: true,
    timeout: 1000,
    selectorTimeout: 100,
    visitorTimeout: 200,
    cookieDomain: 'acme.example',
    nonce: 'n1',
    telemetryEnabled: false,
    decisioningMethod: 'hybrid',
    pollingInterval: 0,
    environment: 'staging',
    secure: true,
    pageLoad: true,
    views: true,
    prehide: 'body',
  })
  expect(warn).not.toHaveBeenCalled()
})

it.each([
  ['the page load is off', { pageLoadEnabled: false }, { pageLoad: false, views: false }],
  ['it is off by its older name', { globalMboxAutoCreate: false }, { pageLoad: false }],
  ['the newer name wins', { globalMboxAutoCreate: false, pageLoadEnabled: true }, { pageLoad: true }],
  ['views are off', { viewsEnabled: false }, { pageLoad: true, views: false }],
  ['nothing is hidden', { bodyHidingEnabled: false }, { prehide: '' }],
  ['parts are hidden', { bodyHiddenStyle: '#a, .b {opacity: 0} #c{visibility:hidden}' }, { prehide: /#a, \.b\s*, #c/ }],
  ['the cluster is not followed', { overrideMboxEdgeServer: false }, { overrideMboxEdgeServer: false }],
  ['scripts have another nonce than styles', { cspScriptNonce: 's', cspStyleNonce: 'c' }, { nonce: 's' }],
  ['a state says nothing', { serverState: {} as never }, { serverState: undefined }],
  ['the opt-in service is asked', { optinEnabled: true }, { consent: 'adobe' }],
  ['the organization is not known', { imsOrgId: undefined as never }, { organizationId: 'acme' }],
] satisfies [string, GlobalSettings, object][])('%s', (_, given, expected) => {
  const settings = pageSettingsOf({ ...account, ...given })
  for (const [name, value] of Object.entries(expected)) {
    const found = settings[name as 'prehide']
    if (value instanceof RegExp) expect(found).toMatch(value)
    else expect(found).toEqual(value)
  }
})

it.each([
  [{ endpoint: '/rest/v1/delivery', serverDomain: 'target.shop.example' }, undefined],
  [{ endpoint: '/offers', serverDomain: 'target.shop.example' }, 'https://target.shop.example/offers'],
  [{ endpoint: '/offers' }, '/offers'],
  [{}, undefined],
])('a path of one’s own is a route: %j', (given, endpoint) => {
  expect(pageSettingsOf({ ...account, ...given }).endpoint).toBe(endpoint)
})

it('http pages talk http, unless they are told not to', () => {
  vi.stubGlobal('location', { protocol: 'http:' })
  expect(pageSettingsOf(account).secure).toBe(false)
  expect(pageSettingsOf({ ...account, secureOnly: true }).secure).toBe(true)
})

it('the opt-out of the ID service is one; nobody to ask is none', async () => {
  const consent = () => sourceOf(pageSettingsOf({ ...account, optoutEnabled: true }), 'ABC@AdobeOrg')
  expect(await consent()).toBe(true)
  const isOptedOut = (callback: (isOut: boolean) => void) => callback(true)
  vi.stubGlobal('Visitor', { getInstance: () => ({ isOptedOut }) })
  expect(await consent()).toBe(false)
})

it('what has no effect is named', () => {
  const names = [
    'authoringScriptUrl',
    'allowHighEntropyClientHints',
    'overrideMboxEdgeServerTimeout',
    'supplementalDataIdParamTimeout',
    'cdnEnvironment',
    'cdnBasePath',
    'defaultContentHiddenStyle',
    'defaultContentVisibleStyle',
  ]
  const harmless = { deviceDetectionEnabled: true, urlSizeLimit: 2048, legacyBrowserSupport: false }
  pageSettingsOf({ ...account, ...Object.fromEntries(names.map((name) => [name, 1])), ...harmless })
  expect(warn.mock.calls).toEqual([['AT:', `without effect in targetGlobalSettings: ${names}`]])
})

import type { LoggingType } from '../delivery/analytics.ts'
import type { PageSettings } from '../page/settings.ts'

/** Somebody else who knows parameters. */
export interface DataProvider {
  name: string
  /** Without one it is passed over, as in at.js. */
  version: string
  /** How long to wait for it, in ms. @default 2000 */
  timeout?: number
  /** Called before each call; gives parameters to the callback, or an error as its first argument. */
  provider(callback: (error: unknown, parameters?: unknown) => void): void
}

/** Settings that are the same here, and those that only isotarget has. */
type Own = Omit<Partial<PageSettings>, 'client' | 'organizationId' | 'consent' | 'prehide' | 'pageLoad' | 'views'>

/** `window.targetGlobalSettings`, as far as it has an effect. Source: Adobe's documentation of `targetGlobalSettings()`. */
export interface GlobalSettings extends Own {
  /** False: nothing is asked, and every function answers `DISABLED`. @default true */
  enabled?: boolean
  /** Client code of the Target account. */
  clientCode?: string
  /** Experience Cloud organization. Without it the ID service of the page is not found. */
  imsOrgId?: string
  /** The name that `getOffer` takes for the page load. @default 'target-global-mbox' */
  globalMboxName?: string
  /** Asks for the page load at once. @default true */
  pageLoadEnabled?: boolean
  /** An older name of `pageLoadEnabled`. */
  globalMboxAutoCreate?: boolean
  /** Asks for all views with the page load, and lets `triggerView` show them. @default true */
  viewsEnabled?: boolean
  /** Hides what `bodyHiddenStyle` names until the answer is there. @default true */
  bodyHidingEnabled?: boolean
  /** Its selectors count: what they find is made transparent. @default 'body' */
  bodyHiddenStyle?: string
  /** How long to wait for elements, in ms. @default 5000 */
  selectorsPollingTimeout?: number
  /** How long to wait for the ID service, in ms. @default 2000 */
  visitorApiTimeout?: number
  /** Talks https from http pages too, and writes cookies that are `Secure; SameSite=None`. @default false */
  secureOnly?: boolean
  /** A path: of `serverDomain`, or without it of the page's own origin. @default '/rest/v1/delivery' of Target */
  endpoint?: string
  /** Goes on with the visitor's edge cluster, also where `serverDomain` names another host. @default true */
  overrideMboxEdgeServer?: boolean
  /** Waits for the opt-in service of the Experience Cloud. @default false */
  optinEnabled?: boolean
  /** Asks the ID service whether the visitor has opted out. @default false */
  optoutEnabled?: boolean
  analyticsLogging?: LoggingType
  /** Of scripts and styles. */
  cspScriptNonce?: string
  /** Where there is no `cspScriptNonce`. */
  cspStyleNonce?: string
  crossDomain?: string
  dataProviders?: readonly DataProvider[]
  aepSandboxId?: string
  aepSandboxName?: string
  /** Parameters of all mboxes. */
  mboxParams?: unknown
  /** Parameters of the page load and of views. */
  globalMboxParams?: unknown
}

/** What a page may count on and does not get. */
const UNSUPPORTED = /^(authoring|allowHigh|cdn|defaultContent)|(Server|Param)Timeout$/

export const warn = (message: unknown): void => console.warn('AT:', message)

/** at.js names a path of the host that it asks. One that is not Target's own is a route of the customer's. */
const endpointOf = ({ endpoint, serverDomain }: GlobalSettings, isSecure: boolean): string | undefined => {
  if (!endpoint || endpoint === '/rest/v1/delivery') return undefined
  return serverDomain ? `http${isSecure ? 's' : ''}://${serverDomain}${endpoint}` : endpoint
}

/** The settings of at.js as those of a page; many have the same name. Tells what has no effect. */
export const pageSettingsOf = (settings: GlobalSettings): PageSettings => {
  const { clientCode: client, imsOrgId: organizationId = client, serverState, secureOnly, optinEnabled } = settings
  const { selectorsPollingTimeout: selectorTimeout, visitorApiTimeout: visitorTimeout } = settings
  const { cspStyleNonce, cspScriptNonce: nonce = cspStyleNonce } = settings
  const {
    globalMboxAutoCreate = true,
    pageLoadEnabled: pageLoad = globalMboxAutoCreate,
    viewsEnabled = true,
  } = settings
  const { bodyHidingEnabled = true, bodyHiddenStyle = 'body{' } = settings
  const unsupported = Object.keys(settings).filter((name) => UNSUPPORTED.test(name))
  const secure = secureOnly || location.protocol !== 'http:'
  if (unsupported.length) warn(`without effect in targetGlobalSettings: ${unsupported}`)
  return {
    tenant: 'client',
    overrideMboxEdgeServer: true,
    secure,
    ...settings,
    endpoint: endpointOf(settings, secure),
    client,
    organizationId,
    selectorTimeout,
    visitorTimeout,
    nonce,
    pageLoad,
    views: pageLoad && viewsEnabled,
    // The selectors stand before the braces.
    prehide: bodyHidingEnabled
      ? [...bodyHiddenStyle.matchAll(/([^{}]+)\{/g)].map(([, selectors]) => selectors).join()
      : '',
    consent: optinEnabled ? 'adobe' : undefined,
    serverState: typeof serverState === 'string' || serverState?.response ? serverState : undefined,
  } as PageSettings
}

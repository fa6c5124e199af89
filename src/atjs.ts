/**
 * `adobe.target` as at.js makes it, over this client. Nothing happens on import, also on a server; how it is done is withheld.
 * @module
 */
import { type AdobeTarget, createEdition } from './atjs/adobe-target.ts'
import type { GlobalSettings } from './atjs/global-settings.ts'
import { TargetClient } from './browser.ts'
import { startPage } from './page/page.ts'
import type { PageSettings } from './page/settings.ts'

/**
 * Makes the global `adobe.target` and starts the page, as an at.js file does when it is loaded. The page's own
 * `targetGlobalSettings` win over what is given. Gives what there is already when there is one.
 *
 * @example
 * const target = install({ clientCode: 'acme', imsOrgId: 'ABC@AdobeOrg' })
 * await target?.triggerView('checkout')
 */
export const install = (settings: GlobalSettings = {}): AdobeTarget | undefined => {
  const start = (complete: PageSettings) => {
    const page = startPage(TargetClient, complete, edition?.around)
    edition?.onStart(page)
    return page
  }
  const edition = createEdition(start, settings)
  if (!edition) return (globalThis as { adobe?: { target?: AdobeTarget } }).adobe?.target
  const complete = edition.settings({})
  if (complete.client) start(complete as PageSettings)
  return edition.target
}

export type { AdobeTarget } from './atjs/adobe-target.ts'
export type { DataProvider, GlobalSettings } from './atjs/global-settings.ts'
export type { LegacyAction } from './atjs/legacy-action.ts'
export type { ApplyOfferOptions, ApplyOffersOptions, OfferOptions, Offers, OffersOptions } from './atjs/offers.ts'
export type { NotificationsOptions, TrackOptions } from './atjs/tracking.ts'

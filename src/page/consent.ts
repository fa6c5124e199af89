import type { Client } from '../client/client.ts'
import { serviceOf } from './visitor.ts'

/** Who says whether the visitor agreed. */
export type ConsentSource = 'adobe' | PromiseLike<boolean>

/** The opt-in service of the Experience Cloud, as far as it is used. Source: Adobe's documentation of `adobe.optIn`. */
interface OptIn {
  fetchPermissions(listener: () => void, isSubscribed: boolean): void
  isApproved(categories: unknown): boolean
  isPending?: boolean
}

/** Tells a client what the visitor says, now and whenever it changes. A service that is not there says no. */
const listen = (target: Client): void => {
  const { adobe } = globalThis as { adobe?: { optIn?: OptIn; OptInCategories?: { TARGET?: unknown } } }
  const { optIn, OptInCategories } = adobe ?? {}
  if (!optIn) return void target.optOut()
  optIn.fetchPermissions(() => {
    if (optIn.isPending) return
    if (optIn.isApproved([OptInCategories?.TARGET ?? 'target'])) target.optIn()
    else void target.optOut()
  }, true)
}

/** What a page says of the consent of its visitors. */
export interface ConsentSettings {
  /**
   * Who says whether the visitor agreed: `adobe` waits for the opt-in service of the page, a promise resolves with true or
   * false. @default `defaultConsent`
   */
  consent?: ConsentSource | undefined
  /** Asks the ID service of the page whether the visitor has opted out; a page without one has no opt-out. @default false */
  optoutEnabled?: boolean
}

/** Who decides. */
export const sourceOf = (
  { consent, optoutEnabled }: ConsentSettings,
  organizationId: string,
): ConsentSource | undefined => {
  if (consent || !optoutEnabled) return consent
  return new Promise((resolve) => {
    const service = serviceOf(organizationId)
    if (service?.isOptedOut) service.isOptedOut((isOut) => resolve(!isOut))
    else resolve(true)
  })
}

/** Lets somebody decide whether a client may ask, store and report. */
export const followConsent = (target: Client, source: ConsentSource | undefined): void => {
  if (source === 'adobe') listen(target)
  else
    source?.then(
      (isIn) => (isIn ? target.optIn() : void target.optOut()),
      () => void target.optOut(),
    )
}

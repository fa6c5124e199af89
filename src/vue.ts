/**
 * Offers for Vue 3, on servers too. Nothing happens on import; how offers are asked for, kept and shown is withheld, so that it can
 * change.
 * @module
 */

// Types
export type { OfferDetails } from './offers/asked.ts'
export type { Provided } from './offers/offers.ts'
export type { ReportMode } from './offers/presence.ts'
// Types: what `Register` comes to
export type {
  AttributeDefault,
  AttributeKey,
  AttributeMbox,
  AttributeValue,
  OfferContent,
  OfferName,
  ViewName,
} from './offers/registered.ts'
export type { OfferSnapshot, OfferStatus } from './offers/snapshot.ts'
export type { OffersState } from './offers/state.ts'
// State for the page
export { offersState } from './offers/visitor.ts'
// Component
export { Mbox } from './vue/mbox.ts'
export type { TargetOptions } from './vue/plugin.ts'
// Plugin
export { createTarget } from './vue/plugin.ts'
export type { Register } from './vue/register.ts'
export type { UseAttributeOptions } from './vue/use-attribute.ts'
// Composables
export { useAttribute } from './vue/use-attribute.ts'
export type { Offer, UseOfferOptions, WaitingOptions } from './vue/use-offer.ts'
export { useOffer } from './vue/use-offer.ts'
export { useView } from './vue/use-view.ts'

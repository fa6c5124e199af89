/**
 * Offers for React 18 and 19, on servers too. Nothing happens on import; how offers are asked for, kept and shown is withheld, so that
 * it can change.
 * @module
 */

// Types: options and results
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
export type { MboxProps } from './react/mbox.ts'
// Components
export { Mbox } from './react/mbox.ts'
export type { TargetProviderProps } from './react/provider.ts'
export { TargetProvider } from './react/provider.ts'
export type { Register } from './react/register.ts'
export type { UseAttributeOptions } from './react/use-attribute.ts'
// Hooks
export { useAttribute } from './react/use-attribute.ts'
export type { Offer, UseOfferOptions, WaitingOptions } from './react/use-offer.ts'
export { useOffer } from './react/use-offer.ts'
export { useView } from './react/use-view.ts'

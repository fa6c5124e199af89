/**
 * Offers on a page: rendered, hidden until they are there, views, clicks. It asks nobody for offers, and reports to whoever is given to
 * it, which a client is. Nothing happens on import, also on a server; how elements are found and remembered is withheld.
 * @module
 */

// Types
export type { Given } from './dom/answer.ts'
export type { ActionOutcome, OptionOutcome, PlaceOutcome, Reason, Rendered } from './dom/outcome.ts'
export type { PrehideOptions, SnippetOptions } from './dom/prehide.ts'
// Flicker
export { prehide, prehideSnippet } from './dom/prehide.ts'
export type { RenderOptions } from './dom/render.ts'
// Rendering
export { elementsOf, render } from './dom/render.ts'
export type { Report } from './dom/report.ts'
export type { TriggerOptions, Views } from './dom/views.ts'
// Views
export { createViews } from './dom/views.ts'

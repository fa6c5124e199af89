/**
 * Providers for OpenFeature, over a client: flags are the keys of JSON offers. Nothing happens on import, and no code of an SDK is
 * loaded; how a flag is found is withheld.
 * @module
 */

export type { ProviderOptions } from './openfeature/options.ts'
export type { Place } from './openfeature/place.ts'
export type { ServerHook, ServerProvider, ServerProviderOptions, ServerResolve } from './openfeature/server-provider.ts'
export { serverProvider } from './openfeature/server-provider.ts'
export type { WebHook, WebProvider, WebProviderOptions, WebResolve } from './openfeature/web-provider.ts'
export { webProvider } from './openfeature/web-provider.ts'

import { createRequire } from 'node:module'
import type { AttributesOptions, ClientOptions, RequestOptions, Result } from '../../src/server.ts'

/** What the tests use of Adobe's SDK, which ships no types. */
export interface AdobeClient {
  getOffers(options: RequestOptions): Promise<Result>
  getAttributes(names: readonly string[], options?: AttributesOptions): Promise<unknown>
  sendNotifications(options: RequestOptions): Promise<Result>
}

interface AdobeTargetClient {
  create(options: ClientOptions): AdobeClient
}

const require = createRequire(import.meta.url)

/** `@adobe/target-nodejs-sdk`, loaded anew, because it keeps state between clients. */
export const loadAdobe = (): AdobeTargetClient => {
  const path = require.resolve('@adobe/target-nodejs-sdk')
  delete require.cache[path]
  return require(path)
}

import { type EventDetails, OpenFeature, ProviderEvents } from '@openfeature/web-sdk'
import { onTestFinished, vi } from 'vitest'
import { TargetClient } from '../../src/browser.ts'
import type { EmulatorOptions } from '../../src/emulator.ts'
import { type WebProviderOptions, webProvider } from '../../src/openfeature.ts'
import type { ClientOptions, DecisioningMethod } from '../../src/server.ts'
import { openPage } from '../delivery-api/page.ts'
import { openEdge } from './world.ts'

let count = 0

/** How a page is set up. */
interface Setup {
  provider?: WebProviderOptions
  client?: Partial<ClientOptions>
  edge?: EmulatorOptions
}

/** A page with a client, a provider and an edge of its own, before the SDK knows of them. */
export const openSite = async (decisioningMethod: DecisioningMethod, { provider: given, client, edge }: Setup = {}) => {
  const world = await openEdge(edge)
  const page = openPage({ url: 'https://shop.example/' })
  onTestFinished(() => void vi.unstubAllGlobals())
  const target = TargetClient.create({ ...world.options, decisioningMethod, notificationDelay: 60_000, ...client })
  const provider = webProvider(target, given)
  const domain = `site ${++count}`
  onTestFinished(async () => {
    await OpenFeature.clearProviders()
    await target.close()
  })
  const flags = OpenFeature.getClient(domain)
  const told: string[] = []
  for (const event of Object.values(ProviderEvents))
    flags.addHandler(event, (details?: EventDetails) => void told.push(`${event} ${details?.message ?? ''}`.trim()))
  return { ...world, page, target, provider, domain, flags, told }
}

/** The same, once its flags can be read. */
export const openShop = async (
  method: DecisioningMethod,
  { context = {}, ...setup }: Setup & { context?: object } = {},
) => {
  const site = await openSite(method, setup)
  await OpenFeature.setProviderAndWait(site.domain, site.provider, context as Record<string, string>)
  return site
}

import { OpenFeature } from '@openfeature/server-sdk'
import { onTestFinished } from 'vitest'
import type { EmulatorOptions } from '../../src/emulator.ts'
import { type ServerProviderOptions, serverProvider } from '../../src/openfeature.ts'
import { type ClientOptions, type DecisioningMethod, TargetClient } from '../../src/server.ts'
import { openEdge } from './world.ts'

let count = 0

/** How a shop is set up. */
interface Setup {
  provider?: ServerProviderOptions
  client?: Partial<ClientOptions>
  edge?: EmulatorOptions
}

/** A server that reads flags through the published SDK, with a provider and an edge of its own. */
export const openShop = async (decisioningMethod: DecisioningMethod, { provider: given, client, edge }: Setup = {}) => {
  const world = await openEdge(edge)
  const warnings: string[] = []
  const events = { warning: ({ message }: { message: string }) => void warnings.push(message) }
  const target = TargetClient.create({ ...world.options, decisioningMethod, events, ...client })
  const provider = serverProvider(target, given)
  const domain = `shop ${++count}`
  onTestFinished(async () => {
    await OpenFeature.clearProviders()
    await target.close()
  })
  await OpenFeature.setProviderAndWait(domain, provider)
  // Until its rules are there, the edge stands in for them.
  if (decisioningMethod === 'hybrid') await target.ready()
  return { ...world, target, provider, domain, warnings, flags: OpenFeature.getClient(domain) }
}

import type { Decorator } from '@storybook/react'
import { type Client, TargetClient } from 'isotarget'
import type { Emulator } from 'isotarget/emulator'
import { TargetProvider } from 'isotarget/react'

const clients = new WeakMap<Emulator, Client>()

/** One client for each emulator, however often a story is drawn. */
const clientOf = (edge: Emulator): Client => {
  const account = { client: 'acme', organizationId: 'ABC@AdobeOrg' }
  const client = clients.get(edge) ?? TargetClient.create({ ...account, fetchApi: edge, notificationStorage: false })
  clients.set(edge, client)
  return client
}

/** Gives a story the offers of the emulator in its parameters: `parameters: { edge: createEmulator({ offers }) }`. */
export const withTarget: Decorator = (Story, { parameters }) => (
  <TargetProvider client={clientOf(parameters.edge)}>
    <Story />
  </TargetProvider>
)

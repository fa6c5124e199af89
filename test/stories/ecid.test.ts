import { expect, test } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { mboxes, TargetClient } from '../../src/server.ts'

// A visitor whom another library of the Experience Cloud knows is the same visitor here.

const ECID = '12345678901234567890123456789012345678'
const edge = createEmulator({ offers: { hero: '<h1>Hello</h1>' } })
const target = TargetClient.create({ client: 'acme', organizationId: 'ABC@AdobeOrg', fetchApi: edge })

const idOf = async (cookie: string): Promise<unknown> => {
  edge.reset()
  await target.visitor(cookie).getOffers({ request: { prefetch: { mboxes: mboxes('hero') } } })
  return (edge.requests[0]?.body as { id?: { marketingCloudVisitorId?: string } } | undefined)?.id
    ?.marketingCloudVisitorId
}

/** The identity cookie of the Web SDK: a message with the id in it, in base 64 for addresses. */
const identity = (text: string) => `kndctr_ABC_AdobeOrg_identity=${Buffer.from(text, 'latin1').toString('base64url')}`

test('the ID service’s cookie comes first, then that of the Web SDK', async () => {
  expect(await idOf(identity(`\n&${ECID}R\x0e\b\xfa\x01`))).toBe(ECID)
  expect(await idOf(`AMCV_ABC%40AdobeOrg=MCMID%7C777; ${identity(`\n&${ECID}R`)}`)).toBe('777')
})

test('a cookie that holds no id is passed over', async () => {
  for (const cookie of [
    identity('\n&123R'),
    identity(`9${ECID}0`),
    'kndctr_ABC_AdobeOrg_identity=%',
    'kndctr_ABC_AdobeOrg_identity=',
  ]) {
    expect(await idOf(cookie)).toBeUndefined()
  }
})

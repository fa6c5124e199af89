import { beforeEach, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/emulator.ts'
import { type ClientOptions, mboxes, TargetClient, type VisitDetails } from '../../src/server.ts'

let edge: Emulator
beforeEach(() => {
  edge = createEmulator({ offers: { hero: 'Sun', flags: { json: { a: 1 } } } })
})

const request = { prefetch: { mboxes: mboxes('hero') } }
const KNOWN =
  'mbox=session#s1#9999999999|PC#device.35_0#9999999999; mboxEdgeCluster=35; at_qa_mode=%7B%22token%22%3A%22t%22%7D'
const create = (options: Partial<ClientOptions> = {}) =>
  TargetClient.create({
    client: 'acme',
    organizationId: 'ABC@AdobeOrg',
    fetchApi: edge,
    notificationDelay: 1,
    ...options,
  })
const visitorWith = (details?: VisitDetails, options?: Partial<ClientOptions>) => {
  const target = create(options)
  return { target, visitor: target.visitor(KNOWN, details) }
}

it('a visitor who has not answered is asked for nobody: nothing is sent, no cookie is set, until optIn()', async () => {
  const { target, visitor } = visitorWith({ consent: 'pending' })
  const asked = visitor.getOffers({ request })
  const flags = visitor.getAttributes(['flags'])
  visitor.track('landing')
  await target.flush()
  expect([edge.requests.length, visitor.setCookies(), visitor.dehydrate(), target.pending()]).toEqual([
    0,
    [],
    'null',
    0,
  ])
  visitor.optIn()
  await Promise.all([asked, flags])
  await target.flush()
  expect(edge.requests.map(({ url }) => /sessionId=([^&]*)/.exec(url)?.[1])).toEqual(['s1', 's1', 's1'])
  expect(visitor.setCookies().join()).toContain('PC#device.35_0')
})

it('a visitor who does not agree is refused: nothing is sent, and the cookies there were are taken away', async () => {
  const { target, visitor } = visitorWith({ consent: 'pending' })
  const asked = visitor.getOffers({ request })
  const dropped: string[] = []
  target.on('notificationDropped', ({ reason }) => dropped.push(reason))
  visitor.track('landing')
  await visitor.optOut()
  await expect(asked).rejects.toMatchObject({ code: 'OPTED_OUT' })
  await target.close()
  expect([edge.requests.length, dropped]).toEqual([0, ['consent']])
  expect(visitor.setCookies()).toEqual([
    expect.stringMatching(/^mbox=; Max-Age=0; /),
    expect.stringMatching(/^mboxEdgeCluster=; Max-Age=0; /),
  ])
})

it("out is out from the first, and sets no cookie; another visitor's word is its own", async () => {
  const target = create()
  const [out, agreed] = [target.visitor(KNOWN, { consent: 'out' }), target.visitor('')]
  out.track('landing')
  await expect(out.getOffers({ request })).rejects.toMatchObject({ code: 'OPTED_OUT' })
  await expect(out.sendNotifications({ request })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  expect([edge.requests.length, out.setCookies()]).toEqual([0, []])
  await agreed.getOffers({ request })
  await target.close()
  expect(edge.requests).toHaveLength(1)
  expect(edge.requests[0]?.text).not.toContain('device')
})

it('in is in where the client waits for everybody else', async () => {
  const target = create({ defaultConsent: 'pending' })
  const pending = target.visitor('')
  pending.track('landing')
  await target.visitor(KNOWN, { consent: 'in' }).getOffers({ request })
  await target.flush()
  expect(edge.requests).toHaveLength(1)
  expect(pending.setCookies()).toEqual([])
})

it('a device decides nothing for a visitor who has not agreed', async () => {
  const { target, visitor } = visitorWith({ consent: 'pending' }, { decisioningMethod: 'on-device' })
  await target.ready()
  edge.reset()
  expect(visitor.variationDetails('flags', 'a', 0)).toMatchObject({ value: 0, reason: 'NO_CONSENT' })
  expect(visitor.setCookies()).toEqual([])
  visitor.optIn()
  expect(visitor.variation('flags', 'a', 0)).toBe(1)
  await target.close()
  expect(edge.requests).toHaveLength(1)
})

it.each(['yes', true, null, ''])('%j is no consent, and no guess is made', (consent) => {
  const ask = () => create().visitor(KNOWN, { consent: consent as never })
  expect(ask).toThrow("consent: say 'in', 'pending' or 'out'")
})

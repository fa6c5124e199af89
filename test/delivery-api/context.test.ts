import { afterEach, describe, expect, it } from 'vitest'
import type { DeliveryRequestInput } from '../../src/server.ts'
import geo from './geo.json' with { type: 'json' }
import { openPage } from './page.ts'
import { failureOf, HERO, loosely, useEdge } from './setup.ts'

const edge = useEdge()
type ContextInput = NonNullable<DeliveryRequestInput['context']>

/** The context that arrives for the one that was given. */
const arriving = async (context?: ContextInput) => {
  await edge.client().getOffers({ request: { ...HERO, ...(context && { context }) } })
  return edge.recorder.last.body.context
}

describe('channel and device', () => {
  it('check 35: the least of calls says that its channel is the web', async () => {
    expect((await arriving()).channel).toBe('web')
    expect((await arriving({ userAgent: 'x' })).channel).toBe('web')
  })

  it('check 36: the channel mobile stays mobile', async () => {
    const mobilePlatform = { platformType: 'ios', deviceType: 'phone' } as const
    expect(await arriving({ channel: 'mobile', mobilePlatform })).toMatchObject({ channel: 'mobile', mobilePlatform })
  })

  it('check 36: a page that asks as mobile stays mobile, also in what it reports', async () => {
    openPage()
    const target = edge.browser()
    await target.getOffers({ request: { ...HERO, context: { channel: 'mobile' } } })
    target.track('buy')
    await target.flush()
    expect(edge.recorder.bodies.map(({ context }) => context.channel)).toEqual(['mobile', 'mobile'])
  })

  it('check 37: a mobile platform without a device type is told where it is wanting', async () => {
    const mobilePlatform = loosely<ContextInput['mobilePlatform']>({ platformType: 'android' })
    const request = { ...HERO, context: { channel: 'mobile', mobilePlatform } as ContextInput }
    const error = await failureOf(edge.client().getOffers({ request }))
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', path: 'context.mobilePlatform.deviceType' })
    expect(edge.recorder.arrivals).toEqual([])
  })
})

describe('where the visitor is', () => {
  it.each(geo.dropped)('check 51: of %j nothing is sent', async (given) => {
    expect(await arriving({ geo: given })).not.toHaveProperty('geo')
    expect((await arriving({ geo: { ...given, latitude: 1 } })).geo).toEqual({ latitude: 1 })
  })

  it.each(geo.badAddresses)('check 51: the address %j is left out, with a warning', async (ipAddress) => {
    const target = edge.client()
    await target.getOffers({ request: { ...HERO, context: { geo: { ipAddress, city: 'Bern' } } } })
    expect(edge.recorder.only.body.context.geo).toEqual({ city: 'Bern' })
    expect(target.told.warnings).toEqual([expect.stringContaining(ipAddress)])
  })

  it('check 51: a bad address that a server names for its visitor is left out, with a warning', async () => {
    const target = edge.client()
    await target.visitor('', { ipAddress: 'unknown' }).getOffers({ request: HERO })
    expect(edge.recorder.only.body.context).not.toHaveProperty('geo')
    expect(target.told.warnings).toEqual([expect.stringContaining('unknown')])
  })

  it.each(geo.goodAddresses)('check 51: the address %j is sent', async (ipAddress) => {
    expect((await arriving({ geo: { ipAddress } })).geo?.ipAddress?.trim()).toBe(ipAddress.trim())
  })
})

describe('when it is there', () => {
  const zone = process.env.TZ
  afterEach(() => {
    process.env.TZ = zone
    if (zone === undefined) delete process.env.TZ
  })

  it.each([
    ['Asia/Kolkata', 330],
    ['UTC', 0],
    ['America/Phoenix', -420],
  ])('check 52: in %s it is %i minutes east of UTC', async (place, minutes) => {
    process.env.TZ = place
    expect(Object.is((await arriving()).timeOffsetInMinutes, minutes)).toBe(true)
    openPage()
    await edge.browser().getOffers({ request: HERO })
    expect(edge.recorder.last.body.context.timeOffsetInMinutes).toBe(minutes)
  })
})

describe('what the visitor uses', () => {
  const brands = [
    { brand: 'Chromium', version: '130' },
    { brand: 'Not?A_Brand', version: '99' },
  ]

  it('check 53: client hints of the page go under the names of the schema, brands in header syntax', async () => {
    openPage({ userAgentData: { brands, mobile: false, platform: 'Linux' } })
    await edge.browser().getOffers({ request: HERO })
    expect(edge.recorder.only.body.context.clientHints).toEqual({
      mobile: false,
      platform: 'Linux',
      browserUAWithMajorVersion: '"Chromium";v="130", "Not?A_Brand";v="99"',
    })
  })

  it('check 53: a page without client hints sends none', async () => {
    openPage()
    await edge.browser().getOffers({ request: HERO })
    expect(edge.recorder.only.body.context).not.toHaveProperty('clientHints')
  })

  it('check 53: client hints of a request to a server are put into the same form', async () => {
    const headers = {
      'sec-ch-ua': '"Chromium";v="130"',
      'sec-ch-ua-mobile': '?1',
      'sec-ch-ua-platform': '"Android"',
      'sec-ch-ua-model': '"Pixel 8"',
    }
    const visitor = edge.client().visitor(new Request('https://shop.example/', { headers }))
    await visitor.getOffers({ request: HERO })
    expect(edge.recorder.only.body.context.clientHints).toEqual({
      mobile: true,
      platform: 'Android',
      model: 'Pixel 8',
      browserUAWithMajorVersion: '"Chromium";v="130"',
    })
  })

  it('check 54: the user agent stands in the context, from whatever source', async () => {
    expect((await arriving({ userAgent: 'Mine/1' })).userAgent).toBe('Mine/1')
    const headers = { 'user-agent': 'Theirs/1' }
    await edge.client().visitor(new Request('https://shop.example/', { headers })).getOffers({ request: HERO })
    expect(edge.recorder.last.body.context.userAgent).toBe('Theirs/1')
    openPage()
    await edge.browser().getOffers({ request: HERO })
    expect(edge.recorder.last.body.context.userAgent).toMatch(/^Mozilla/)
  })

  it('check 61: crossDomain is sent when it was set, and only then', async () => {
    expect(await arriving()).not.toHaveProperty('crossDomain')
    expect((await arriving({ crossDomain: 'enabled' })).crossDomain).toBe('enabled')
    expect((await arriving({ crossDomain: 'disabled' })).crossDomain).toBe('disabled')
    const crossDomain = loosely<'enabled'>('x only')
    const error = await failureOf(edge.client().getOffers({ request: { ...HERO, context: { crossDomain } } }))
    expect(error.path).toBe('context.crossDomain')
    openPage()
    await edge.browser().getOffers({ request: HERO })
    expect(edge.recorder.last.body.context).not.toHaveProperty('crossDomain')
  })

  it('check 64: an address of 5000 characters is cut and never costs the call', async () => {
    const url = `https://shop.example/?${'q'.repeat(5000)}`
    const { address } = await arriving({ address: { url, referringUrl: url } })
    expect(url.startsWith(address?.url ?? '-')).toBe(true)
    expect([address?.url?.length, address?.referringUrl?.length]).toEqual([4096, 4096])
  })

  it('check 64: the same holds for the address of the page, of a server request and of an mbox', async () => {
    const url = `https://shop.example/?${'q'.repeat(5000)}`
    await edge.client().visitor(new Request(url)).getOffers({ request: HERO })
    openPage({ url, referrer: url })
    await edge.browser().getOffers({ request: { execute: { mboxes: [{ name: 'hero', address: { url } }] } } })
    const [server, page] = edge.recorder.bodies
    expect(server?.context.address?.url).toHaveLength(4096)
    expect(page?.context.address?.url).toHaveLength(4096)
    expect(page?.context.address?.referringUrl).toHaveLength(4096)
    expect(page?.execute?.mboxes?.[0]?.address?.url).toHaveLength(4096)
  })
})

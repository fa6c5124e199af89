import { describe, expect, it } from 'vitest'
import type { DeliveryRequestInput } from '../../src/server.ts'
import { openPage } from './page.ts'
import { failureOf, HERO, loosely, useEdge } from './setup.ts'

const edge = useEdge()
const SDID = '4A1B2C3D4E5F6071-0A1B2C3D4E5F6071'

/** The body that arrives for the request that was given. */
const arriving = async (request: DeliveryRequestInput) => {
  await edge.client().getOffers({ request })
  return edge.recorder.last.body
}

/** Sends a request that must not leave, and gives the error. */
const refusalOf = async (request: unknown) => {
  const error = await failureOf(edge.client().getOffers({ request: loosely(request) }))
  expect(error).toMatchObject({ name: 'TargetError', code: 'INVALID_ARGUMENT' })
  expect(edge.recorder.arrivals).toEqual([])
  return error
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `m${index}` }))

describe('what is asked for', () => {
  it('check 38: an empty page load arrives as one', async () => {
    expect((await arriving({ execute: { pageLoad: {} } })).execute).toEqual({ pageLoad: {} })
    expect((await arriving({ prefetch: { pageLoad: {} } })).prefetch).toEqual({ pageLoad: {} })
  })

  it('check 39: an empty view, which asks for all views, arrives as one', async () => {
    expect((await arriving({ prefetch: { views: [{}] } })).prefetch).toEqual({ views: [{}] })
  })

  it.each([
    { execute: {} },
    { prefetch: {} },
    { execute: { mboxes: [] } },
    { prefetch: { mboxes: [], views: [] } },
    { execute: { pageLoad: undefined } },
    { execute: { pageLoad: {} }, prefetch: {} },
  ])('check 40: %j asks for nothing and is rejected', async (request) => {
    const { path } = await refusalOf(request)
    expect(path).toBe(request.prefetch ? 'prefetch' : 'execute')
  })

  it.each(['execute', 'prefetch'] as const)(
    'check 41: mboxes of %s without an index get one of their own',
    async (kind) => {
      const mboxes = [{ name: 'a' }, { name: 'b', index: 1 }, { name: 'c' }, { name: 'd', index: 0 }, { name: 'e' }]
      const indexes = (await arriving({ [kind]: { mboxes } }))[kind]?.mboxes?.map(({ name, index }) => [name, index])
      expect(indexes?.filter(([name]) => name === 'b' || name === 'd')).toEqual([
        ['b', 1],
        ['d', 0],
      ])
      const numbers = indexes?.map(([, index]) => index) as number[]
      expect(new Set(numbers).size).toBe(5)
      for (const index of numbers) expect(Number.isInteger(index) && index >= 0).toBe(true)
    },
  )

  it('check 42: one index twice in a list is rejected, in two lists it is not', async () => {
    const a = { name: 'a', index: 3 }
    const b = { name: 'b', index: 3 }
    expect((await refusalOf({ execute: { mboxes: [a, b] } })).path).toMatch(/^execute\.mboxes\.1/)
    expect((await refusalOf({ prefetch: { mboxes: [a, b] } })).path).toMatch(/^prefetch\.mboxes\.1/)
    await arriving({ execute: { mboxes: [a] }, prefetch: { mboxes: [b] } })
  })

  it('check 43: 50 mboxes are the most of a list', async () => {
    expect(await refusalOf({ execute: { mboxes: numbered(51) } })).toMatchObject({ path: 'execute.mboxes', limit: 50 })
    expect(await refusalOf({ prefetch: { mboxes: numbered(51) } })).toMatchObject({
      path: 'prefetch.mboxes',
      limit: 50,
    })
    const { execute, prefetch } = await arriving({
      execute: { mboxes: numbered(50) },
      prefetch: { mboxes: numbered(50) },
    })
    expect([execute?.mboxes?.length, prefetch?.mboxes?.length]).toEqual([50, 50])
  })

  it.each([
    ['nothing', ''],
    ['blanks', '  '],
    ['251 characters', 'n'.repeat(251)],
    ['an ending that is reserved', 'x-clicked'],
    ['a reserved label', 'any mbox'],
    ['a number', 5],
    ['a list', ['hero']],
    ['an object', {}],
    ['none at all', undefined],
  ])('check 44: an mbox name of %s is rejected', async (_what, name) => {
    expect((await refusalOf({ execute: { mboxes: [{ name: 'ok' }, { name }] } })).path).toBe('execute.mboxes.1.name')
    expect((await refusalOf({ prefetch: { mboxes: [{ name }] } })).path).toBe('prefetch.mboxes.0.name')
  })

  it('check 44: 250 characters and every permitted sign make a name', async () => {
    const names = ['n'.repeat(250), 'a-b,c.d_e/f=g`h:i;j&k!l@m#n$o%p^q&r*s(t)u|v+w?x~y[z]{0}', 'clicked', 'x-clicked-y']
    const { execute } = await arriving({ execute: { mboxes: names.map((name) => ({ name })) } })
    expect(execute?.mboxes?.map(({ name }) => name)).toEqual(names)
  })
})

describe('whose activities', () => {
  it('check 55: the property of a call goes before the configured one, and a blank token is none', async () => {
    const configured = edge.client({ propertyToken: 'configured' })
    const ask = async (property?: { token: string }) => {
      await configured.getOffers({ request: { ...HERO, ...(property && { property }) } })
      return edge.recorder.last.body
    }
    expect((await ask()).property).toEqual({ token: 'configured' })
    expect((await ask({ token: 'mine' })).property).toEqual({ token: 'mine' })
    expect(await ask({ token: '  ' })).not.toHaveProperty('property')
    expect(await arriving({ ...HERO, property: { token: '' } })).not.toHaveProperty('property')
    await edge.client({ propertyToken: ' ' }).getOffers({ request: HERO })
    expect(edge.recorder.last.body).not.toHaveProperty('property')
  })

  it('check 56: the environment 0 and none are left out, another is sent', async () => {
    expect(await arriving({ ...HERO, environmentId: 0 })).not.toHaveProperty('environmentId')
    expect(await arriving({ ...HERO, environmentId: undefined })).not.toHaveProperty('environmentId')
    expect((await arriving({ ...HERO, environmentId: 12 })).environmentId).toBe(12)
    for (const environmentId of [0, 34]) await edge.client({ environmentId }).getOffers({ request: HERO })
    expect(edge.recorder.bodies.slice(-2).map((body) => body.environmentId)).toEqual([undefined, 34])
  })
})

describe('Analytics', () => {
  const asking = (analytics: object, consumerId?: string) => ({
    request: { ...HERO, experienceCloud: { analytics } },
    consumerId,
  })

  it('check 57: a supplemental data id of another form is sent with a warning, a good one without', async () => {
    const target = edge.client()
    await target.getOffers(asking({ supplementalDataId: SDID }))
    expect(target.told.warnings).toEqual([])
    await target.getOffers(asking({ supplementalDataId: '12345678901234567' }))
    expect(target.told.warnings).toEqual([expect.stringContaining('supplementalDataId')])
  })

  it('check 57: a supplemental data id of the caller is never replaced', async () => {
    const visitor = edge.client().visitor('')
    await visitor.getOffers(asking({ supplementalDataId: SDID }))
    await visitor.getOffers(asking({ supplementalDataId: SDID }))
    await visitor.getOffers(asking({ supplementalDataId: SDID }, 'another'))
    const ids = edge.recorder.bodies.map(({ experienceCloud }) => experienceCloud?.analytics?.supplementalDataId)
    expect(ids).toEqual([SDID, SDID, SDID])
  })

  it('check 57: without one of the caller there is a well-formed one, new for each call', async () => {
    const visitor = edge.client().visitor('')
    await visitor.getOffers({ request: HERO })
    await visitor.getOffers({ request: HERO })
    const ids = edge.recorder.bodies.map(({ experienceCloud }) => experienceCloud?.analytics?.supplementalDataId)
    for (const id of ids) expect(id).toMatch(/^[\dA-F]{16}-[\dA-F]{16}$/)
    expect(new Set(ids).size).toBe(2)
  })

  it('check 58: a scheme in front of a tracking server is cut off', async () => {
    await edge
      .client()
      .getOffers(asking({ trackingServer: 'https://x.example', trackingServerSecure: 'http://y.example' }))
    await edge.client().getOffers(asking({ trackingServer: 'x.example' }))
    const [first, second] = edge.recorder.bodies.map(({ experienceCloud }) => experienceCloud?.analytics)
    expect(first).toMatchObject({ trackingServer: 'x.example', trackingServerSecure: 'y.example' })
    expect(second?.trackingServer).toBe('x.example')
  })

  it('check 59: logging by the client needs no supplemental data id', async () => {
    const target = edge.client()
    await target.getOffers(asking({ logging: 'client_side' }))
    expect(edge.recorder.only.body.experienceCloud?.analytics).toEqual({ logging: 'client_side' })
    expect(target.told.warnings).toEqual([])
  })
})

describe('QA links', () => {
  const asked = async (search: string) => {
    openPage({ url: `https://shop.example/?${search}` })
    await edge.browser().getOffers({ request: HERO })
    return edge.recorder.last.body
  }

  it('check 60: the parameters of a QA link become the QA mode, with numbers for ids', async () => {
    const search =
      'at_preview_token=t&at_preview_index=1_2&at_preview_index=3&at_preview_listed_activities_only=true' +
      '&at_preview_evaluate_as_true_audience_ids=11_12&at_preview_evaluate_as_false_audience_ids=13'
    expect((await asked(search)).qaMode).toEqual({
      token: 't',
      listedActivitiesOnly: true,
      evaluateAsTrueAudienceIds: [11, 12],
      evaluateAsFalseAudienceIds: [13],
      previewIndexes: [{ activityIndex: 1, experienceIndex: 2 }, { activityIndex: 3 }],
    })
  })

  it('check 60: a server reads them in the address of the request', async () => {
    const request = new Request('https://shop.example/?at_preview_token=t&at_preview_index=1_2')
    await edge.client().visitor(request).getOffers({ request: HERO })
    const previewIndexes = [{ activityIndex: 1, experienceIndex: 2 }]
    expect(edge.recorder.only.body.qaMode).toEqual({ token: 't', previewIndexes })
  })

  it.each([
    'at_preview_token=t',
    'at_preview_token=t&at_preview_index=',
    'at_preview_token=t&at_preview_index=x',
    'at_preview_token=t&at_preview_index=0_1',
    'at_preview_token=t&at_preview_index=-1',
    'at_preview_token=t&at_preview_index=1.5',
    'at_preview_token=t&at_preview_evaluate_as_true_audience_ids=',
    'at_preview_token=t&at_preview_evaluate_as_true_audience_ids=x_y',
    'at_preview_token=t&at_preview_evaluate_as_false_audience_ids=_',
  ])('check 60: what a link leaves open or garbles is left out: %s', async (search) => {
    expect((await asked(search)).qaMode).toEqual({ token: 't' })
  })

  it('check 60: one garbled part spoils only itself', async () => {
    const search = 'at_preview_token=t&at_preview_index=1_-2&at_preview_evaluate_as_true_audience_ids=1__2'
    expect((await asked(search)).qaMode).toEqual({
      token: 't',
      previewIndexes: [{ activityIndex: 1 }],
      evaluateAsTrueAudienceIds: [1, 2],
    })
  })

  it('check 60: tokens are percent-decoded once, and a plus stays a plus', async () => {
    expect((await asked('at_preview_token=a%2Bb%252F%3D%3D')).qaMode?.token).toBe('a+b%2F==')
    expect((await asked('at_preview_token=a+b==')).qaMode?.token).toBe('a+b==')
    expect((await asked('at_preview=p%2Bq')).preview).toEqual({ token: 'p+q' })
  })

  it('check 60: an empty list of preview indexes of the caller is never sent', async () => {
    const body = await arriving({ ...HERO, qaMode: { token: 't', previewIndexes: [] } })
    expect(body.qaMode).toEqual({ token: 't' })
  })

  it('check 60: the QA mode of a call goes before that of the link', async () => {
    openPage({ url: 'https://shop.example/?at_preview_token=t' })
    await edge.browser().getOffers({ request: { ...HERO, qaMode: { token: 'mine' } } })
    expect(edge.recorder.only.body.qaMode).toEqual({ token: 'mine' })
  })
})

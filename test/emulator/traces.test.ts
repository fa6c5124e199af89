import { describe, expect, it } from 'vitest'
import { createEmulator, type Offers } from '../../src/emulator.ts'
import { ask, named, newSession, said } from './call.ts'

const gold = { id: 50, name: 'Gold', rule: { '==': [{ var: 'mbox.plan' }, 'gold'] } }
const phone = { id: 51, channel: 'mobile' }
const offers: Offers = {
  activities: [
    { id: 1, name: 'Scoped', property: 'p-1', experiences: [{ name: 'E', offers: { hero: 'x' } }] },
    { id: 2, name: 'Members', audience: gold, experiences: [{ name: 'E', offers: { hero: 'x' } }] },
    {
      id: 3,
      name: 'By device',
      type: 'xt',
      experiences: [
        { name: 'Phone', audience: phone, offers: { hero: 'small' } },
        { name: 'Other', offers: { hero: { html: 'large', id: 'o-1' } } },
      ],
    },
    { id: 4, name: 'Last', experiences: [{ name: 'E', offers: { hero: 'x' } }] },
    { id: 5, name: 'Elsewhere', experiences: [{ name: 'E', offers: { footer: 'x' } }] },
  ],
}
const hero = (parameters: object) => ({
  mboxes: [{ index: 0, name: 'hero', parameters, profileParameters: { tea: 'green' } }],
})

describe('a trace', () => {
  it('tells of the visitor, the request, and why each activity has its say or not', async () => {
    const edge = createEmulator({ offers })
    const session = newSession()
    const { execute } = await ask(
      edge,
      {
        id: { tntId: 'abc.35_0', thirdPartyId: 'me' },
        trace: { authorizationToken: 't' },
        context: { channel: 'web', browser: { host: 'shop.example' }, address: { url: 'https://shop.example/a' } },
        execute: hero({ plan: 'tin' }),
      },
      { session },
    )
    expect(execute?.mboxes?.[0]?.trace).toEqual({
      clientCode: 'acme',
      server: 'mboxedge35.tt.omtrdc.net',
      profile: {
        visitorId: { tntId: 'abc', thirdPartyId: 'me', profileLocation: '35_0' },
        parameters: { tea: 'green' },
        activities: [],
      },
      request: {
        sessionId: session,
        environment: 'production',
        pageURL: 'https://shop.example/a',
        host: 'shop.example',
        mbox: { name: 'hero', type: 'execute', parameters: { plan: 'tin' }, profileParameters: { tea: 'green' } },
      },
      activities: [
        { id: 1, name: 'Scoped', matched: false, why: 'property: another token' },
        { id: 2, name: 'Members', matched: false, why: 'audience Gold: its rule does not hold' },
        { id: 3, name: 'By device', matched: true, experience: 'Other' },
        { id: 4, name: 'Last', matched: false, why: 'another activity comes first' },
        { id: 5, name: 'Elsewhere', matched: false, why: 'nothing for this place' },
      ],
      campaigns: [{ id: 3, campaignType: 'landing', branchId: 1, offers: ['o-1'], environment: 'production' }],
      evaluatedCampaignTargets: [
        expect.objectContaining({ campaignId: 1, matchedSegmentIds: [], unmatchedSegmentIds: [] }),
        {
          campaignId: 2,
          campaignType: 'ab',
          context: expect.objectContaining({
            mbox: { plan: 'tin', plan_lc: 'tin' },
            page: expect.objectContaining({ domain: 'shop.example', path: '/a' }),
            allocation: expect.any(Number),
          }),
          matchedSegmentIds: [],
          unmatchedSegmentIds: [50],
          matchedRuleConditions: [],
          unmatchedRuleConditions: [gold.rule],
        },
        expect.objectContaining({ campaignId: 3, campaignType: 'landing', unmatchedSegmentIds: [51] }),
      ],
    })
  })

  it('tells which audiences and rules hold', async () => {
    const { prefetch } = await ask(createEmulator({ offers }), {
      trace: { authorizationToken: 't' },
      prefetch: hero({ plan: 'gold' }),
    })
    expect(prefetch?.mboxes?.[0]?.trace).toMatchObject({
      request: { mbox: { type: 'prefetch' } },
      profile: { activities: [{ id: 2, experience: 0 }] },
      campaigns: [{ id: 2 }],
      evaluatedCampaignTargets: [{}, { matchedSegmentIds: [50], matchedRuleConditions: [gold.rule] }],
    })
  })

  it('is in every part of an answer', async () => {
    const edge = createEmulator({
      offers: { activities: [{ id: 1, name: 'A', experiences: [{ name: 'E', pageLoad: 'x', views: { cart: 'x' } }] }] },
    })
    const { execute, prefetch, notifications } = await ask(edge, {
      trace: { authorizationToken: 't' },
      execute: { pageLoad: {} },
      prefetch: { views: [{}] },
      notifications: [said('n-1', { mbox: { name: 'thanks' } })],
    })
    expect(execute?.pageLoad?.trace).toMatchObject({ request: { pageLoad: { type: 'execute' } } })
    expect(prefetch?.views?.[0]?.trace).toMatchObject({ request: { view: { name: 'cart', type: 'prefetch' } } })
    expect(notifications?.[0]?.trace).toMatchObject({ clientCode: 'acme', profile: { visitorId: {} } })
  })
})

describe('an authorization token', () => {
  const traced = async (authorizationTokens: string[] | undefined, trace: object | undefined) => {
    const edge = createEmulator({ offers, ...(authorizationTokens && { authorizationTokens }) })
    const answered = await ask(edge, {
      ...(trace && { trace }),
      execute: named('hero'),
      notifications: [said('n-1', { mbox: { name: 'thanks' } })],
    })
    const parts = [answered.execute?.mboxes?.[0], answered.notifications?.[0]]
    return [
      answered.status,
      ...parts.map((part) => part !== undefined && 'trace' in part),
      edge.requests[0]?.warnings.length,
    ]
  }

  it('must be one that may see traces; else the answer comes without', async () => {
    expect(await traced(['a', 'b'], { authorizationToken: 'b' })).toEqual([200, true, true, 0])
    expect(await traced(['a', 'b'], { authorizationToken: 'c' })).toEqual([200, false, false, 1])
    expect(await traced([], { authorizationToken: 'c' })).toEqual([200, false, false, 1])
  })

  it('may be any text, but not none, where the edge knows of none', async () => {
    expect(await traced(undefined, { authorizationToken: 'x' })).toEqual([200, true, true, 0])
    expect(await traced(undefined, { authorizationToken: '' })).toEqual([200, false, false, 1])
    expect(await traced(undefined, undefined)).toEqual([200, false, false, 0])
    expect((await traced(undefined, {}))[0]).toBe(400)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Artifact } from '../../src/decisioning/artifact.ts'
import { decide } from '../../src/decisioning/decide.ts'
import { compileArtifact } from '../../src/decisioning/ruleset.ts'
import type { MboxResponse } from '../../src/delivery/mbox.ts'
import type { View } from '../../src/delivery/view.ts'
import { createEmulator, type Offers, type Rule } from '../../src/emulator.ts'
import { hostParts } from '../../src/platform/server-host.ts'
import { conditionArbitrary } from '../decisioning/condition-arbitraries.ts'
import { type Given, givenArbitrary } from '../decisioning/given-arbitraries.ts'
import { startPublished } from '../decisioning/published-engine.ts'
import { ask, named } from './call.ts'
import { publish, RULES } from './published.ts'

/** `RUNS=20000 npx vitest run test/emulator/rules.test.ts` takes a few minutes. */
const RUNS = Number(process.env.RUNS ?? 250)
const NOW = Date.UTC(2026, 10, 26, 17, 30)

const isTaken = (rule: unknown): rule is Rule => {
  try {
    createEmulator({ offers: offering([rule as Rule]) })
    return true
  } catch {
    return false
  }
}

/** An activity for every rule, each with an mbox and a view of its own, and a part of the page load. */
const offering = (rules: readonly Rule[]): Offers => ({
  activities: rules.map((rule, at) => ({
    id: at + 1,
    name: `Rule ${at}`,
    type: 'xt',
    experiences: [
      {
        name: 'Met',
        audience: { rule },
        offers: { [`mbox${at}`]: 'met' },
        views: { [`view${at}`]: 'met' },
        pageLoad: `met ${at}`,
      },
    ],
  })),
})

/** The same rules beside what else an activity may say: parameters and a split, or another audience for the experience. */
const mixing = (rules: readonly Rule[]): Offers => ({
  activities: rules.map((rule, at) => {
    const offers = { [`mbox${at}`]: 'met' }
    const split = [
      { name: 'A', share: 30, offers },
      { name: 'B', share: 70, offers: { [`mbox${at}`]: 'met by others' } },
    ]
    const own = [{ name: 'Shop', audience: { url: ['*shop*', ''], rule: rules[0] ?? true }, offers }]
    return at % 2
      ? {
          id: at + 1,
          name: 'Split',
          audience: { rule, parameters: { plan: ['gold', 'de', '7', ''] } },
          experiences: split,
        }
      : { id: at + 1, name: 'Targeted', type: 'xt', audience: { rule }, experiences: own }
  }),
})

const rules = fc.array(conditionArbitrary.filter(isTaken), { minLength: 1, maxLength: 6 }) as fc.Arbitrary<Rule[]>

/** What a request says of its visitor, its page and its place, without what the rules do not see. */
const situation = givenArbitrary.map(({ request, isListed, now }: Given) => {
  const { context, id, execute, prefetch } = request
  const [mbox] = [...(execute?.mboxes ?? []), ...(prefetch?.mboxes ?? [])]
  const { address, parameters } = mbox ?? {}
  // Only a country of two letters goes over the wire.
  const { geo, ...rest } = (context ?? {}) as { geo?: { countryCode?: string; stateCode?: string } }
  const { countryCode, stateCode, ...place } = geo ?? {}
  const fitting = {
    ...place,
    ...(countryCode?.length === 2 && { countryCode }),
    ...(stateCode && stateCode.length <= 3 && { stateCode }),
  }
  return {
    context: { channel: 'web' as const, ...rest, ...(Object.keys(fitting).length && { geo: fitting }) },
    id,
    details: { ...(address && { address }), ...(parameters && { parameters }) },
    isListed,
    now,
  }
})

const shown = (places: readonly (MboxResponse | View)[] = []) =>
  places.map(({ name, options = [] }) => [name, options.map(({ content }) => content)])

describe('rules of audiences', () => {
  it.each([
    ['alone', offering],
    ['beside what else is said', mixing],
  ])(
    `${RUNS} times hold at the edge as they hold on the device, %s`,
    async (_, offersOf) => {
      let met = 0
      for (const [list, given] of fc.sample(fc.tuple(rules, situation), { numRuns: RUNS, seed: 26 })) {
        const domainOf = given.isListed ? { domainOf: hostParts } : {}
        const edge = createEmulator({ offers: offersOf(list), client: 'acme', now: () => given.now, ...domainOf })
        const artifact = (await (await edge(RULES)).json()) as Artifact
        const mboxes = list.map((_, index) => ({ index, name: `mbox${index}`, ...given.details }))
        const prefetch = { mboxes, views: [given.details], pageLoad: given.details }
        const request = { context: given.context, id: given.id, prefetch }
        const far = await ask(edge, request)
        expect(far.message).toBeUndefined()
        const near = decide(compileArtifact(artifact, domainOf), request as never, given.now)
        const [there, here] = [far, near.response].map(({ prefetch: { mboxes, views, pageLoad } = {} }) =>
          shown([...(mboxes ?? []), ...(views ?? []), ...(pageLoad ? [pageLoad] : [])]),
        )
        expect(here, JSON.stringify([list, request])).toEqual(there)
        met += far.prefetch?.mboxes?.filter(({ options }) => options).length ?? 0
      }
      expect(met).toBeGreaterThan(RUNS / 4)
    },
    RUNS * 100,
  )

  const mbox = (parameters: object) => ({ prefetch: { mboxes: [{ index: 0, name: 'mbox0', parameters }] } })
  const on = (url: string) => ({ context: { channel: 'web', address: { url } } })
  const browsing = (userAgent: string) => ({ context: { channel: 'web', userAgent } })
  const cases: [met: boolean, rule: Rule, request: object][] = [
    [true, { '==': [{ var: 'mbox.plan_lc' }, 'gold'] }, mbox({ plan: 'GOLD' })],
    [true, { '==': [{ var: 'mbox.user.plan' }, 'gold'] }, mbox({ 'user.plan': 'gold' })],
    [false, { '==': [{ var: 'mbox.plan' }, 'gold'] }, {}],
    [false, { '==': [{ var: 'mbox.constructor.name' }, 'Object'] }, mbox({ plan: 'x' })],
    [true, { in: ['/sale', { var: 'page.path' }] }, on('https://shop.example/sale/tea?x=1')],
    [true, { '==': ['m', { var: 'page.subdomain' }] }, on('https://m.shop.example/')],
    [true, { '==': ['x=1', { var: 'page.query' }] }, on('https://shop.example/?x=1#top')],
    [true, { '==': ['firefox', { var: 'user.browserType' }] }, browsing('Mozilla/5.0 (X11) Gecko Firefox/121.0')],
    [true, { '==': ['PUNE', { var: 'geo.city' }] }, { context: { channel: 'web', geo: { city: 'PUNE' } } }],
    [true, { '<=': ['1700', { var: 'current_time' }, '1745'] }, {}],
    [true, { '==': [{ var: 'current_day' }, '4'] }, {}],
    [false, { '<': [{ var: 'current_timestamp' }, NOW] }, {}],
    [true, { and: [{ '<=': [0, { var: 'allocation' }] }, { '>': [100, { var: 'allocation' }] }] }, {}],
    [false, { '*': [] }, {}],
    [false, false, {}],
  ]

  it.each(cases)('%s for %j with %j', async (met, rule, request) => {
    const edge = createEmulator({ offers: offering([rule]), now: () => NOW })
    const { prefetch } = await ask(edge, { id: { tntId: 'abc' }, prefetch: named('mbox0'), ...request })
    expect(shown(prefetch?.mboxes)).toEqual([['mbox0', met ? ['met'] : []]])
  })

  it('stand in the rules for devices as they stand in the file, beside what else an audience says', async () => {
    const rule = { '==': [{ var: 'mbox.plan' }, 'gold'] }
    const audience = { id: 5, rule, parameters: { size: 'xl' } }
    const experiences = [{ name: 'E', offers: { hero: 'x' } }]
    const { artifact } = await publish({
      offers: { activities: [{ id: 1, name: 'A', type: 'xt', audience, experiences }] },
    })
    expect(artifact.rules.mboxes?.hero).toMatchObject([
      { condition: { and: [{ '==': ['xl', { var: 'mbox.size' }] }, rule] }, meta: { 'audience.ids': [5] } },
    ])
    expect(artifact).toMatchObject({ localMboxes: ['hero'], remoteMboxes: [] })
  })

  it('split visitors by the allocation as the published engine does', async () => {
    const { edge, artifact } = await publish({
      client: 'acme',
      offers: offering([{ '<': [{ var: 'allocation' }, 33.3] }, { '>=': [{ var: 'allocation' }, 33.3] }]),
    })
    const published = await startPublished({ client: 'acme', artifactPayload: artifact })
    for (let at = 0; at < 100; at++) {
      const request = { context: { channel: 'web' }, id: { tntId: `v${at}` }, prefetch: named('mbox0', 'mbox1') }
      const near = (await published.decide(request)).response.prefetch as { mboxes?: MboxResponse[] }
      expect(shown(near.mboxes)).toEqual(shown((await ask(edge, request)).prefetch?.mboxes))
    }
  })

  it('know the place of a caller who does not say it', async () => {
    const edge = createEmulator({
      offers: offering([{ '==': ['IN', { var: 'geo.country' }] }]),
      geo: (ipAddress) => (ipAddress === '12.21.1.40' ? { countryCode: 'IN', city: 'PUNE' } : undefined),
    })
    const from = async (ipAddress: string) => {
      const context = { channel: 'web', geo: { ipAddress } }
      const { prefetch } = await ask(edge, { context, prefetch: named('mbox0') })
      return prefetch?.mboxes?.[0]?.options?.[0]?.responseTokens?.['geo.city']
    }
    expect([await from('12.21.1.40'), await from('12.21.1.41')]).toEqual(['PUNE', undefined])
  })
})

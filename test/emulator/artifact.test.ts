import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Artifact } from '../../src/decisioning/artifact.ts'
import { decide } from '../../src/decisioning/decide.ts'
import { createEmulator, type Offers } from '../../src/emulator.ts'
import { startPublished } from '../decisioning/published-engine.ts'
import { ask, named } from './call.ts'
import { context, page, publish, RULES } from './published.ts'

type Part = { options?: { type?: string; content?: unknown }[]; name?: string } | undefined
interface Parts {
  mboxes?: Part[]
  views?: Part[]
  pageLoad?: Part
}

/** What a visitor gets to see, by place. */
const shown = ({ mboxes = [], views = [], pageLoad }: Parts = {}) =>
  [...mboxes, ...views, pageLoad].map((part) => [
    part?.name,
    part?.options?.map(({ type, content }) => [type, content]),
  ])

/** What the edge shows to a visitor, and what a device does. */
const both = async ({ edge, artifact }: Awaited<ReturnType<typeof publish>>, body: object) => {
  const request = { context, ...body }
  const far = await ask(edge, request, { tenant: 'imsOrgId=ABC%40AdobeOrg' })
  const { response } = decide(artifact, request, Date.now())
  return [shown(far.prefetch as Parts), shown(response.prefetch as Parts)]
}

const split = (id: number, ...shares: number[]) => ({
  id,
  name: `Split ${id}`,
  experiences: shares.map((share, at) => ({ name: `E${at}`, share, offers: { [`split${id}`]: `offer ${at}` } })),
})

const visitors = Array.from({ length: 2000 }, (_, at) => `${at}c0ffee${at * 7919}`)

describe('everybody is given the same on the device and at the edge', () => {
  const offers: Offers = { activities: [split(1, 50, 50), split(2, 1, 1, 1), split(3, 0, 0.2, 9, 0), split(4, 0)] }
  const prefetch = named('split1', 'split2', 'split3', 'split4')

  it.each([undefined, 'spring', 'another'])('with the seed %s', async (seed) => {
    const world = await publish({ offers, ...(seed && { seed }) })
    const seen = new Set<string>()
    for (const tntId of visitors) {
      const [far, near] = await both(world, { id: { tntId: `${tntId}.35_0` }, prefetch })
      expect(near).toEqual(far)
      seen.add(`${JSON.stringify(near)}`)
    }
    // 2 x 3 x 2 experiences, and nobody in those without a share.
    expect(seen.size).toBeGreaterThanOrEqual(6)
  })

  it('by whichever id Target looks at', async () => {
    const world = await publish({ offers })
    for (const at of visitors.slice(0, 50)) {
      for (const id of [
        { thirdPartyId: at },
        { marketingCloudVisitorId: at },
        { marketingCloudVisitorId: `m${at}`, tntId: at, thirdPartyId: `t${at}` },
        { tntId: `n${at}`, thirdPartyId: `t2${at}` },
      ]) {
        const [far, near] = await both(world, { id, prefetch })
        expect(near).toEqual(far)
      }
    }
  })

  it('also by the published engine', async () => {
    const { edge, artifact } = await publish({ offers, client: 'acme' })
    const published = await startPublished({ client: 'acme', artifactPayload: artifact })
    for (const tntId of visitors.slice(0, 300)) {
      const request = { context: { channel: 'web' }, id: { tntId }, prefetch }
      const far = await ask(edge, request)
      const near = await published.decide(request)
      expect(shown(near.response.prefetch as Parts)).toEqual(shown(far.prefetch as Parts))
    }
  })

  it.each(['../../demo/offers.json', 'shop.json'])('by the activities of a file that is in use: %s', async (file) => {
    const offers = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'))
    const world = await publish({ offers })
    const prefetch = { ...named(...(world.artifact.localMboxes ?? [])), views: [{}] }
    const seen = new Set<string>()
    for (const tntId of visitors.slice(0, 100)) {
      const [far, near] = await both(world, { id: { tntId }, prefetch })
      expect(near).toEqual(far)
      seen.add(`${JSON.stringify(near)}`)
    }
    expect(seen.size).toBeGreaterThan(file === 'shop.json' ? 0 : 10)
  })

  it('when the edge is asked first, by a host that names the client', async () => {
    const edge = createEmulator({ offers })
    const far = await ask(edge, { id: { tntId: 'abc' }, prefetch }, { tenant: 'imsOrgId=ABC%40AdobeOrg' })
    const artifact = await (await edge(RULES)).json()
    const { response } = decide(artifact as Artifact, { context, id: { tntId: 'abc' }, prefetch }, 0)
    expect(shown(response.prefetch as Parts)).toEqual(shown(far.prefetch as Parts))
  })
})

describe('audiences', () => {
  const xt: Offers = {
    activities: [
      {
        id: 1,
        name: 'A',
        type: 'xt',
        experiences: [
          { name: 'Gold', audience: { parameters: { 'user.tier': 'gold' } }, offers: { hero: 'gold' } },
          { name: 'Few', audience: { parameters: { tier: ['a', 'b'], sort: '' } }, offers: { hero: 'few' } },
          { name: 'Exact', audience: { url: 'https://a.example/?x=1' }, offers: { hero: 'exact' } },
          {
            name: 'Begin',
            audience: { url: ['https://b.example/*', 'https://c.example/*'] },
            offers: { hero: 'begin' },
          },
          { name: 'End', audience: { url: '*.html' }, offers: { hero: 'end' } },
          { name: 'Ends', audience: { url: 'https://d.example/ab*ba' }, offers: { hero: 'both ends' } },
          { name: 'Middle', audience: { url: 'https://e*/sale/*x' }, offers: { hero: 'middle' } },
          { name: 'Never', audience: { url: [] }, offers: { hero: 'never' } },
          { name: 'Page', audience: { url: '*' }, offers: { hero: 'any' } },
        ],
      },
    ],
  }
  const onPage = (url: string) => ({ context: { channel: 'web' as const, address: { url } } })
  const parameters = (given: object) => ({ prefetch: { mboxes: [{ index: 0, name: 'hero', parameters: given }] } })
  const cases: [shown: string, body: object][] = [
    ['gold', parameters({ 'user.tier': 'gold' })],
    ['any', parameters({ 'user.tier': 'Gold' })],
    ['few', parameters({ tier: 'b', sort: '' })],
    ['any', parameters({ tier: 'b' })],
    ['exact', onPage('https://a.example/?x=1')],
    ['any', onPage('https://a.example/?x=12')],
    ['begin', onPage('https://c.example/')],
    ['any', onPage('https://c.example')],
    ['end', onPage('https://x.example/a.html')],
    ['both ends', onPage('https://d.example/abba')],
    ['any', onPage('https://d.example/aba')],
    ['middle', onPage('https://e.example/sale/5x')],
    ['any', onPage('https://e.example/sale5x')],
    ['any', {}],
    [
      'exact',
      {
        ...onPage('https://c.example/'),
        prefetch: { mboxes: [{ index: 0, name: 'hero', address: { url: 'https://a.example/?x=1' } }] },
      },
    ],
    [
      'any',
      {
        ...onPage('https://c.example/'),
        prefetch: { mboxes: [{ index: 0, name: 'hero', address: { referringUrl: 'https://b.example/' } }] },
      },
    ],
  ]

  it.each(cases)('%s for %j, on the device as at the edge', async (content, body) => {
    const world = await publish({ offers: xt })
    const [far, near] = await both(world, { id: { tntId: 'abc' }, prefetch: named('hero'), ...body })
    expect(near).toEqual(far)
    expect(near?.[0]).toEqual(['hero', [['html', content]]])
    expect(world.artifact).toMatchObject({ localMboxes: ['hero'], remoteMboxes: [] })
  })

  it.each([
    ['a profile', { profile: { member: 'yes' } }],
    ['a channel', { channel: 'web' }],
    ['a url with two texts in between', { url: 'https://*a*b*' }],
    ['a parameter whose name is another one in lower case', { parameters: { tier_lc: 'gold' } }],
    ['a parameter with an odd dot', { parameters: { 'a..b': 'x' } }],
  ])('that ask for %s are left to the edge, with the places of their activity', async (_, audience) => {
    const own = { id: 1, name: 'A', audience, experiences: [{ name: 'E', offers: { hero: 'x' }, views: { cart: [] } }] }
    const other = { id: 2, name: 'B', experiences: [{ name: 'E', offers: { hero: 'y', footer: 'z' } }] }
    const { artifact } = await publish({ offers: { activities: [own, other] } })
    expect(artifact).toMatchObject({
      remoteMboxes: ['hero'],
      remoteViews: ['cart'],
      localMboxes: ['hero', 'footer'],
      localViews: [],
    })
    expect(Object.keys(artifact.rules.mboxes ?? {})).toEqual(['hero', 'footer'])
  })

  it('of one experience leave the whole activity to the edge', async () => {
    const experiences = [
      { name: 'Member', audience: { profile: { member: 'yes' } }, offers: { hero: 'x' } },
      { name: 'Other', offers: { hero: 'y' } },
    ]
    const { artifact } = await publish({ offers: { activities: [{ id: 1, name: 'A', type: 'xt', experiences }] } })
    expect(artifact).toMatchObject({ remoteMboxes: ['hero'], localMboxes: [], rules: { mboxes: {} } })
  })
})

describe('places', () => {
  it('are mboxes, views and the page load, with all that several activities have for them', async () => {
    const world = await publish({ offers: page })
    const prefetch = { ...named('hero', 'empty'), views: [{}], pageLoad: {} }
    const [far, near] = await both(world, { id: { tntId: 'abc' }, prefetch })
    expect(near).toEqual(far)
    expect(near?.map(([name]) => name)).toEqual(['hero', 'empty', 'cart', 'home', undefined])
    expect(world.artifact).toMatchObject({
      localMboxes: ['hero', 'empty', 'target-global-mbox'],
      localViews: ['cart', 'home'],
      globalMbox: 'target-global-mbox',
    })
  })

  it('may have any name', async () => {
    const names = ['constructor', '__proto__', 'toString']
    const offers = Object.fromEntries(names.map((name) => [name, 'x']))
    const world = await publish({
      offers: { activities: [{ id: 1, name: 'A', experiences: [{ name: 'E', offers }] }] },
    })
    const [far, near] = await both(world, { id: { tntId: 'abc' }, prefetch: named(...names) })
    expect(near).toEqual(far)
  })

  it('an mbox with the name of the page load is left to the edge', async () => {
    const { artifact } = await publish({ offers: { 'target-global-mbox': 'x', hero: 'y' } })
    expect(artifact).toMatchObject({ remoteMboxes: ['target-global-mbox'], localMboxes: ['hero'] })
  })

  it('that are unknown show nothing on the device either', async () => {
    const world = await publish({ offers: page })
    const [far, near] = await both(world, { id: { tntId: 'abc' }, prefetch: named('nowhere') })
    expect(near).toEqual(far)
  })
})

describe('properties', () => {
  const offers: Offers = {
    activities: [
      { id: 1, name: 'Scoped', property: 'p-1', experiences: [{ name: 'E', offers: { scoped: 'x' } }] },
      { id: 2, name: 'Free', experiences: [{ name: 'E', offers: { free: 'x' } }] },
    ],
  }

  it.each([undefined, 'p-1', 'p-2', 'p-3'])('%s sees the same on the device as at the edge', async (token) => {
    for (const options of [{}, { propertyTokens: ['p-1', 'p-2'] }, { propertyTokens: [] }]) {
      const world = await publish({ offers, ...options })
      const property = token && { property: { token } }
      const [far, near] = await both(world, { id: { tntId: 'a' }, ...property, prefetch: named('scoped', 'free') })
      expect(near).toEqual(far)
    }
  })

  it('have rules of their own', async () => {
    const of = async (token: string) => (await publish({ offers }, RULES.replace('/rules', `/${token}/rules`))).artifact
    expect((await of('p-1')).localMboxes).toEqual(['scoped', 'free'])
    expect((await of('p-2')).localMboxes).toEqual(['free'])
  })
})

import { describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/emulator.ts'
import { type Client, TargetClient } from '../../src/server.ts'
import { type CountedScope, type Counts, type EdgeMatchers, edgeMatchers } from '../../src/testing.ts'

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends EdgeMatchers<R> {}
}
expect.extend(edgeMatchers)

const offers = {
  activities: [
    {
      id: 101,
      name: 'Summer hero',
      experiences: [
        { name: 'Control', share: 0 },
        { name: 'Sun', offers: { hero: '<h1>Sun</h1>' } },
      ],
      clicks: { hero: true as const },
      conversions: ['thanks'],
    },
    { id: 102, name: 'Teaser', experiences: [{ name: 'Tea', offers: { teaser: '<p>Tea</p>' } }] },
  ],
}

const shop = () => {
  const edge = createEmulator({ offers, seed: 'matchers' })
  const target = TargetClient.create({ client: 'acme', organizationId: 'ABC@AdobeOrg', fetchApi: edge })
  return { edge, visitor: target.visitor('') }
}

/** Everything that a visitor of this shop can do. */
const buy = async (visitor: Client) => {
  const { response } = await visitor.getOffers({
    request: { prefetch: { mboxes: [{ name: 'hero', parameters: { size: 4 } }], views: [{}] } },
  })
  const hero = response.prefetch!.mboxes![0]!
  visitor.display(hero)
  visitor.click(hero)
  visitor.track('thanks', { order: { id: 'o-1', total: 19.5 } })
  await visitor.flush()
}

/** A conversion by a notification whose id is known. */
const reach = (visitor: Client, id: string) =>
  visitor.notify({ id, type: 'display', timestamp: Date.now(), mbox: { name: 'thanks' } })

/** What a matcher says that fails. */
const complaint = (claim: () => void): string => {
  try {
    claim()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('it passed')
}

describe('toHaveCounted', () => {
  it('passes for what the table shows, and for nothing else', async () => {
    const { edge, visitor } = shop()
    expect(edge).toHaveCounted({ impressions: 0, visitors: 0, revenue: 0 })
    await buy(visitor)
    expect(edge).toHaveCounted({ visitors: 1, visits: 1, impressions: 1, clicks: 1, conversions: 1, revenue: 19.5 })
    expect(edge).not.toHaveCounted({ impressions: 2 })
    expect(edge).not.toHaveCounted({ impressions: 1, clicks: 0 })
  })

  it('looks at one activity by id or name, at one experience, at QA mode', async () => {
    const { edge, visitor } = shop()
    await buy(visitor)
    expect(edge).toHaveCounted({ impressions: 1 }, { activity: 101 })
    expect(edge).toHaveCounted({ impressions: 1 }, { activity: 'Summer hero', experience: 'Sun' })
    expect(edge).toHaveCounted({ impressions: 0 }, { activity: 'Summer hero', experience: 'Control' })
    expect(edge).toHaveCounted({ impressions: 0 }, { activity: 'Teaser' })
    expect(edge).toHaveCounted({ impressions: 0 }, { qa: true })
  })

  it('waits with poll', async () => {
    const { edge, visitor } = shop()
    const bought = buy(visitor)
    await expect.poll(() => edge).toHaveCounted({ conversions: 1 })
    await bought
  })

  it('says what is missing, with the table and what arrived', async () => {
    const { edge, visitor } = shop()
    await buy(visitor)
    const said = complaint(() => expect(edge).toHaveCounted({ impressions: 2, clicks: 1 }, { activity: 101 }))
    expect(said.replaceAll(/\((?!10)[\w-]{8,}\)/g, '(id)')).toBe(
      [
        'expect(edge).toHaveCounted({"impressions":2,"clicks":1}, {"activity":101})',
        '',
        'impressions: expected 2, counted 1',
        '',
        'Summer hero (101)  visitors  visits  impressions  clicks  conversions  revenue',
        '  Control                 0       0            0       0            0        0',
        '  Sun                     1       1            1       1            1     19.5',
        'Teaser (102)       visitors  visits  impressions  clicks  conversions  revenue',
        '  Tea                     0       0            0       0            0        0',
        '',
        'Arrived:',
        '  POST /rest/v1/delivery · 200 · prefetch mbox hero {"size":"4"}, prefetch all views',
        '  POST /rest/v1/delivery · 200 · display of mbox hero (id), click of mbox hero (id), display of mbox thanks (id)',
      ].join('\n'),
    )
  })

  it('says with not what must not be', async () => {
    const { edge, visitor } = shop()
    await buy(visitor)
    expect(complaint(() => expect(edge).not.toHaveCounted({ clicks: 1 }))).toMatch(
      /^expect\(edge\)\.not\.toHaveCounted\(\{"clicks":1\}\)\n\nclicks: 1 counted, as it must not be\n/,
    )
  })

  it('says why something was not counted, and what was refused', async () => {
    const { edge, visitor } = shop()
    reach(visitor, 'too-early')
    await visitor.flush()
    edge.fail({ status: 400, body: { status: 400, message: 'Invalid request: no channel' } })
    await visitor.getOffers({ request: { execute: { pageLoad: {} } } }).catch(() => {})
    const said = complaint(() => expect(edge).toHaveCounted({ conversions: 1 }))
    expect(said).toContain(
      'Not counted:\n  conversion of thanks (too-early): a conversion of no activity that the visitor is in',
    )
    expect(said).toContain('POST /rest/v1/delivery · 400 · execute page load')
  })

  it('is short when much arrived', async () => {
    const { edge, visitor } = shop()
    for (let at = 0; at < 12; at++) await visitor.getOffers({ request: { execute: { pageLoad: {} } } })
    const said = complaint(() => expect(edge).toHaveCounted({ impressions: 1 }))
    expect(said.match(/POST/g)).toHaveLength(10)
    expect(said).toContain('  … 2 before')
  })

  it.each<[what: string, args: [Counts, CountedScope?], message: string]>([
    [
      'an activity that is not there',
      [{ impressions: 0 }, { activity: 'Winter' }],
      'no activity is Winter: there are "Summer hero", "Teaser"',
    ],
    [
      'an experience that is not there',
      [{ impressions: 0 }, { experience: 'Rain' }],
      'no experience is called Rain: there are "Control", "Sun", "Tea"',
    ],
    ['a misspelt figure', [{ impresions: 0 } as Counts], 'but received "impresions"'],
    ['no figure', [{}], 'takes one or more of visitors, visits'],
  ])('refuses %s, also with not', (_, args, message) => {
    const { edge } = shop()
    expect(() => expect(edge).toHaveCounted(...args)).toThrow(message)
    expect(() => expect(edge).not.toHaveCounted(...args)).toThrow(message)
  })

  it.each([undefined, null, {}, { ledger: {} }, () => {}])('refuses %s in place of an emulator', (received) => {
    expect(() => expect(received).toHaveCounted({ clicks: 0 })).toThrow('must be what createEmulator() gave')
  })
})

describe('toHaveBeenAskedFor', () => {
  it('passes for mboxes, views and the page load, in whichever way they were asked for', async () => {
    const { edge, visitor } = shop()
    expect(edge).not.toHaveBeenAskedFor('hero')
    await visitor.getOffers({
      request: { execute: { mboxes: [{ name: 'hero' }] }, prefetch: { views: [{ name: 'cart' }] } },
    })
    expect(edge).toHaveBeenAskedFor('hero')
    expect(edge).toHaveBeenAskedFor({ mbox: 'hero' })
    expect(edge).toHaveBeenAskedFor({ view: 'cart' })
    expect(edge).not.toHaveBeenAskedFor({ view: 'home' })
    expect(edge).not.toHaveBeenAskedFor({ view: 'hero' })
    expect(edge).not.toHaveBeenAskedFor({ pageLoad: true })
    await visitor.getOffers({ request: { execute: { pageLoad: {} }, prefetch: { views: [{}] } } })
    expect(edge).toHaveBeenAskedFor({ pageLoad: true })
    expect(edge).toHaveBeenAskedFor({ view: 'home' })
  })

  it('passes for at least these parameters, compared as text, of one request', async () => {
    const { edge, visitor } = shop()
    const ask = (parameters: Record<string, string | number>) =>
      visitor.getOffers({ request: { execute: { mboxes: [{ name: 'hero', parameters }] } } })
    await ask({ size: 4, colour: 'red' })
    await ask({ size: 5, colour: 'blue' })
    expect(edge).toHaveBeenAskedFor('hero', { size: 4 })
    expect(edge).toHaveBeenAskedFor('hero', { size: '5', colour: 'blue' })
    expect(edge).not.toHaveBeenAskedFor('hero', { size: 4, colour: 'blue' })
    const said = complaint(() => expect(edge).toHaveBeenAskedFor('hero', { size: 9 }))
    expect(said).toContain('expect(edge).toHaveBeenAskedFor("hero", {"size":9})')
    expect(said).toContain(
      'asked for mbox hero {"size":"4","colour":"red"}\nasked for mbox hero {"size":"5","colour":"blue"}',
    )
  })

  it('says that nothing arrived', () => {
    const said = complaint(() => expect(shop().edge).toHaveBeenAskedFor({ view: 'home' }))
    expect(said).toContain('nobody asked for view home')
    expect(said).toContain('Nothing arrived.')
  })

  it('reads bodies of any kind', async () => {
    const { edge } = shop()
    for (const body of ['', '[]', '7', '{"execute":{"mboxes":"hero"}}', '{"prefetch":null,"notifications":{}}'])
      await edge('https://acme.tt.omtrdc.net/rest/v1/delivery?client=acme&sessionId=s', { method: 'POST', body })
    expect(edge).not.toHaveBeenAskedFor('hero')
    expect(complaint(() => expect(edge).toHaveBeenAskedFor('hero')).match(/POST .* · 400/g)).toHaveLength(5)
  })
})

describe('toHaveAcknowledged', () => {
  const tell = async (edge: Emulator, visitor: Client, ids: readonly string[]) => {
    for (const id of ids) reach(visitor, id)
    await visitor.flush()
    return edge
  }

  it('passes when nothing is lost, counted or not', async () => {
    const { edge, visitor } = shop()
    await tell(edge, visitor, ['n-1', 'n-2'])
    expect(edge).toHaveAcknowledged(['n-1', 'n-2'])
    expect(edge).toHaveAcknowledged('n-2')
    expect(edge).not.toHaveAcknowledged(['n-3', 'n-4'])
  })

  it('fails when some are lost, with not when some are not', async () => {
    const { edge, visitor } = shop()
    await tell(edge, visitor, ['n-1'])
    const ids = ['n-1', 'n-2', 'n-3']
    expect(complaint(() => expect(edge).toHaveAcknowledged(ids))).toContain('2 of 3 lost: n-2, n-3')
    expect(complaint(() => expect(edge).not.toHaveAcknowledged(ids))).toContain('acknowledged: n-1\n')
  })

  it('refuses an empty list', () => {
    expect(() => expect(shop().edge).toHaveAcknowledged([])).toThrow('needs the id of a notification')
  })
})

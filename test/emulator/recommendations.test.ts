import { describe, expect, it } from 'vitest'
import { createEmulator, type OffersFile, type Recommend } from '../../src/emulator.ts'
import { macro } from '../decisioning/rules.ts'
import { ask, said } from './call.ts'
import { publish } from './published.ts'

const catalog = {
  sencha: { name: 'Sencha', category: 'green', with: ['cup', 'kettle'], price: 9.5 },
  matcha: { name: 'Matcha <fine>', category: 'green' },
  gyokuro: { name: 'Gyokuro', category: ['green', 'shaded'] },
  cup: { name: 'Cup & saucer', category: 'things' },
  kettle: { name: 'Kettle', category: 'things' },
}

const offering = (recommend: Recommend, more: object = {}): OffersFile => ({
  catalog,
  activities: [{ id: 7, name: 'More tea', experiences: [{ name: 'E', offers: { more: { recommend, ...more } } }] }],
})

const optionsOf = async (offers: OffersFile, parameters: object = {}) => {
  const { prefetch } = await ask(createEmulator({ offers }), {
    prefetch: { mboxes: [{ index: 0, name: 'more', parameters }] },
  })
  return prefetch?.mboxes?.[0]?.options ?? []
}

const idsOf = async (recommend: Recommend, parameters: object) => {
  const [option] = await optionsOf(offering(recommend), parameters)
  return (option?.content as { items: { id: string }[] } | undefined)?.items.map(({ id }) => id)
}

const seen = (id: string, more: object = {}) => ({ 'entity.id': id, ...more })

describe('recommended items', () => {
  it.each<[ids: string[] | undefined, recommend: Recommend, parameters: object]>([
    [['cup', 'kettle'], { list: 'with' }, seen('sencha')],
    [['matcha', 'gyokuro'], { same: 'category' }, seen('sencha')],
    [['cup', 'kettle', 'matcha', 'gyokuro'], { list: 'with', same: 'category' }, seen('sencha')],
    [['cup', 'kettle', 'matcha'], { list: 'with', same: 'category', most: 3 }, seen('sencha')],
    [['matcha', 'gyokuro', 'kettle'], { same: 'category', items: ['kettle', 'sencha', 'matcha'] }, seen('sencha')],
    [['kettle', 'sencha'], { same: 'category', items: ['kettle', 'sencha'] }, {}],
    [['kettle'], { list: 'with', items: ['kettle'] }, seen('unknown')],
    [['gyokuro'], { same: 'category' }, seen('sencha', { excludedIds: 'matcha, cup' })],
    [['matcha'], { same: 'category' }, seen('sencha', { cartIds: 'gyokuro' })],
    [['cup', 'kettle'], { same: 'category' }, seen('new', { 'entity.category': 'things' })],
    [['matcha'], { list: 'with' }, seen('new', { 'entity.with': 'matcha,nowhere' })],
    [undefined, { list: 'with' }, seen('matcha')],
    [undefined, { list: 'constructor', same: '__proto__' }, seen('sencha')],
  ])('are %j for %j and %j', async (ids, recommend, parameters) => {
    expect(await idsOf(recommend, parameters)).toEqual(ids)
  })

  it('are JSON with all that is known of them', async () => {
    expect(await optionsOf(offering({ items: ['sencha'] }))).toMatchObject([
      { type: 'json', content: { items: [{ id: 'sencha', ...catalog.sencha }] } },
    ])
  })

  it('are HTML by a template, in which texts stay texts', async () => {
    const html = `<li data-id="${macro('id')}">${macro('name')} ${macro('price')}${macro('nothing')}</li>`
    const [option] = await optionsOf(
      offering({ items: ['sencha', 'matcha', 'cup'], html, around: `<ul>${macro('items')}</ul>` }, { name: 'Tea' }),
    )
    expect(option).toMatchObject({
      type: 'html',
      content:
        '<ul><li data-id="sencha">Sencha 9.5</li><li data-id="matcha">Matcha &lt;fine&gt; </li><li data-id="cup">Cup &amp; saucer </li></ul>',
      responseTokens: { 'option.name': 'Tea' },
    })
  })

  it('may be none: the default content, whose display counts', async () => {
    const edge = createEmulator({ offers: offering({ list: 'with' }) })
    const id = { tntId: 'abc' }
    const { prefetch } = await ask(edge, { id, prefetch: { mboxes: [{ index: 0, name: 'more' }] } })
    const [{ eventToken, ...option } = {}] = prefetch?.mboxes?.[0]?.options ?? []
    expect(option).toEqual({ responseTokens: expect.any(Object) })
    await ask(edge, { id, notifications: [said('n-1', { mbox: { name: 'more' }, tokens: [eventToken] })] })
    expect(edge.ledger.total('impression')).toBe(1)
  })

  it('are other ones when the file is: also those of the catalogue', async () => {
    const edge = createEmulator({ offers: offering({ items: ['cup'] }) })
    edge.update({ ...offering({ items: ['new'] }), catalog: { new: { name: 'New' } } })
    const { prefetch } = await ask(edge, { prefetch: { mboxes: [{ index: 0, name: 'more' }] } })
    expect(prefetch?.mboxes?.[0]?.options?.[0]?.content).toEqual({ items: [{ id: 'new', name: 'New' }] })
  })

  it('are left to the edge by the rules for devices', async () => {
    const { artifact } = await publish({ offers: offering({ items: ['cup'] }) })
    expect(artifact).toMatchObject({ remoteMboxes: ['more'], localMboxes: [] })
  })

  it('must be in the catalogue where the file names them', () => {
    expect(() => createEmulator({ offers: offering({ items: ['cupp'] }) })).toThrow(/activities\.0.*no item cupp/)
  })
})

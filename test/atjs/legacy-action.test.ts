import { describe, expect, it } from 'vitest'
import { type LegacyAction, legacyActionsOf, placeOf } from '../../src/atjs/legacy-action.ts'
import type { PageLoadResponse } from '../../src/delivery/page-load.ts'

const actions = (...content: object[]) => ({ options: [{ type: 'actions', content }] }) as PageLoadResponse

describe('75. offers become actions of at.js 1', () => {
  it('all HTML one, all JSON one, clicks with and without a selector', () => {
    const place = {
      options: [
        { type: 'html', content: '<b>1</b>' },
        { type: 'json', content: { a: 1 } },
        { type: 'html', content: '<b>2</b>' },
        { type: 'redirect', content: 'https://shop.example/' },
        { content: undefined },
        null,
      ],
      metrics: [
        { type: 'click', selector: '#a', eventToken: 't1' },
        { type: 'click', eventToken: 't2' },
        { type: 'display', eventToken: 't3' },
      ],
    } as unknown as PageLoadResponse
    expect(legacyActionsOf(place)).toEqual([
      { action: 'redirect', url: 'https://shop.example/' },
      { action: 'setContent', content: '<b>1</b><b>2</b>' },
      { action: 'setJson', content: [{ a: 1 }] },
      { action: 'trackClick', selector: '#a', clickTrackId: 't1' },
      { action: 'signalClick', clickTrackId: 't2' },
    ])
  })

  it.each([
    ['setHtml', 'x', [{ action: 'setContent', content: 'x' }]],
    ['appendHtml', 'x', [{ action: 'appendContent', content: 'x' }]],
    ['prependHtml', 'x', [{ action: 'prependContent', content: 'x' }]],
    ['replaceHtml', 'x', [{ action: 'replaceContent', content: 'x' }]],
    ['insertBefore', 'x', [{ action: 'insertBefore', content: 'x' }]],
    ['customCode', 'x', [{ action: 'customCode', content: 'x' }]],
    ['remove', undefined, [{ action: 'remove' }]],
    ['setImageSource', '/a.png', [{ action: 'setAttribute', attribute: 'src', value: '/a.png' }]],
    [
      'setAttribute',
      { href: '/a', title: 'b' },
      [
        { action: 'setAttribute', attribute: 'href', value: '/a' },
        { action: 'setAttribute', attribute: 'title', value: 'b' },
      ],
    ],
    [
      'setStyle',
      { color: 'red', priority: 'important' },
      [{ action: 'setStyle', style: { color: 'red' }, priority: 'important' }],
    ],
    ['resize', { width: '100', height: 50 }, [{ action: 'setStyle', style: { width: '100px', height: '50px' } }]],
    ['move', { left: -5, position: 'fixed' }, [{ action: 'setStyle', style: { left: '-5px', position: 'fixed' } }]],
    ['rearrange', { from: 0, to: 2 }, [{ action: 'rearrange', from: 0, to: 2 }]],
    ['redirect', { url: '/x' }, [{ action: 'redirect', url: '/x' }]],
  ])('%s', (type, content, expected) => {
    const where = { selector: '#a', cssSelector: '#b' }
    const made = legacyActionsOf(actions({ type, ...where, content }))
    expect(made).toEqual(expected.map((action) => ({ ...where, ...action })))
  })
})

describe('actions of at.js 1 become a place', () => {
  it.each<[LegacyAction, object]>([
    [
      { action: 'setContent', content: '<b>' },
      { type: 'html', content: '<b>' },
    ],
    [
      { action: 'setJson', content: [1] },
      { type: 'json', content: [1] },
    ],
    [
      { action: 'redirect', url: '/x' },
      { type: 'actions', content: [{ type: 'redirect', content: '/x' }] },
    ],
    [
      { action: 'signalClick', clickTrackId: 't1' },
      { type: 'actions', content: [{ type: 'trackClick', content: 't1' }] },
    ],
    [
      { action: 'trackClick', selector: '#a', clickTrackId: 't1' },
      { type: 'actions', content: [{ type: 'trackClick', selector: '#a', content: 't1' }] },
    ],
    [
      { action: 'setContent', selector: '#a', content: 'x' },
      { type: 'actions', content: [{ type: 'setContent', selector: '#a', content: 'x' }] },
    ],
    [
      { action: 'setAttribute', selector: '#a', attribute: 'src', value: '/a' },
      { type: 'actions', content: [{ type: 'setAttribute', selector: '#a', content: { src: '/a' } }] },
    ],
    [
      { action: 'setStyle', selector: '#a', style: { color: 'red' }, priority: 'important' },
      {
        type: 'actions',
        content: [{ type: 'setStyle', selector: '#a', content: { color: 'red', priority: 'important' } }],
      },
    ],
    [
      { action: 'rearrange', selector: '#a', from: 0, to: 2 },
      { type: 'actions', content: [{ type: 'rearrange', selector: '#a', content: { from: 0, to: 2 } }] },
    ],
  ])('%j', (action, option) => expect(placeOf([action])).toEqual({ options: [option] }))
})

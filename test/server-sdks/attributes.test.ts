import { expect, it } from 'vitest'
import type { DeliveryRequestInput } from '../../src/server.ts'
import { createWorld } from './world.ts'

const world = createWorld()
const json = (content: unknown, type = 'json') => ({ type, content })
const mbox = (name: string, ...options: object[]) => ({ name, options })
const prefetch = { mboxes: [{ name: 'a' }] }

const read = (body: object, names: string[] = ['b'], request?: DeliveryRequestInput) => {
  world.server.answer({ body })
  return world.client().getAttributes(names, request && { request })
}
const indexes = () => world.server.last().body.execute?.mboxes?.map(({ name, index }) => [name, index])

it('88. JSON offers of prefetched and executed mboxes are read by name and key, also false and 0', async () => {
  const attributes = await read({
    prefetch: { mboxes: [mbox('a', json({ on: false, count: 0, text: '', nothing: null }))] },
    execute: { mboxes: [mbox('b', json({ on: true, list: [1] }))] },
  })
  const values = ['on', 'count', 'text', 'nothing'].map((key) => attributes.getValue('a', key))
  expect(values).toEqual([false, 0, '', null])
  expect(attributes.getValue('b', 'on')).toBe(true)
  expect(attributes.getValue('b', 'list')).toEqual([1])
})

it('89. an mbox that is prefetched is not asked for again', async () => {
  await read({}, ['a', 'b'], { prefetch })
  expect(world.server.last().body.prefetch?.mboxes?.map(({ name }) => name)).toEqual(['a'])
  expect(indexes()).toEqual([['b', 1]])
})

it('90. added mboxes are numbered from 1', async () => {
  await read({}, ['a', 'b', 'c'])
  expect(indexes()).toEqual([
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ])
})

it('90. added mboxes are numbered behind those of the request, which keep their numbers', async () => {
  const mboxes = [
    { name: 'x', index: 6 },
    { name: 'y', index: 2 },
  ]
  await read({}, ['a', 'x', 'b', 'a'], { execute: { mboxes } })
  expect(indexes()).toEqual([
    ['x', 6],
    ['y', 2],
    ['a', 7],
    ['b', 8],
  ])
})

it('91. without options the mboxes are executed on the channel web', async () => {
  await read({}, ['a'])
  expect(world.server.only().body).toMatchObject({ context: { channel: 'web' }, execute: { mboxes: [{ name: 'a' }] } })
})

it('92. differs: a missing attribute is undefined or the default, where Adobe gives an Error that reads as true', async () => {
  const body = { execute: { mboxes: [mbox('b', json({ on: true }))] } }
  const attributes = await read(body)
  expect(attributes.getValue('b', 'missing')).toBeUndefined()
  expect(attributes.getValue('nowhere', 'on')).toBeUndefined()
  expect(attributes.getValue('b', 'missing', false)).toBe(false)
  const theirs = (await world.adobe().getAttributes(['b'])) as typeof attributes
  expect(theirs.getValue('b', 'missing')).toBeInstanceOf(Error)
})

it.each(['__proto__', 'constructor', 'toString'])('92. the attribute %s is missing like any other', async (name) => {
  const attributes = await read({ execute: { mboxes: [mbox('b', json({ on: true }))] } })
  expect(attributes.getValue('b', name)).toBeUndefined()
  expect(attributes.getValue(name, 'on')).toBeUndefined()
  expect(attributes.asObject(name)).toEqual({})
})

it('93. all keys of an mbox, of an unknown one and of all can be had', async () => {
  const attributes = await read({ execute: { mboxes: [mbox('a', json({ x: 1 })), mbox('b', json({ y: 2 }))] } })
  expect(attributes.asObject('b')).toEqual({ y: 2 })
  expect(attributes.asObject('unknown')).toEqual({})
  expect(attributes.asObject()).toEqual({ a: { x: 1 }, b: { y: 2 } })
  expect(JSON.parse(JSON.stringify(attributes))).toEqual({ a: { x: 1 }, b: { y: 2 } })
  attributes.asObject('b').y = 3
  expect(attributes.getValue('b', 'y'), 'what is handed out is a copy').toBe(2)
})

it('93. the whole result can be had', async () => {
  const attributes = await read({ requestId: 'r', execute: { mboxes: [mbox('b', json({ y: 2 }))] } })
  expect(attributes.getResponse().response.requestId).toBe('r')
  expect(attributes.getResponse().targetCookie.name).toBe('mbox')
})

it('94. executed keys win over prefetched ones, and later ones over earlier ones', async () => {
  const attributes = await read({
    prefetch: { mboxes: [mbox('b', json({ where: 'prefetch', only: 'prefetch' }))] },
    execute: {
      mboxes: [mbox('b', json({ where: 'first', a: 1 }), json({ a: 2 })), mbox('b', json({ where: 'last' }))],
    },
  })
  expect(attributes.asObject('b')).toEqual({ where: 'last', only: 'prefetch', a: 2 })
})

it('95. differs: JSON offers of the page load are read under the name of the global mbox, which Adobe ignores', async () => {
  const body = { execute: { pageLoad: { options: [json({ theme: 'dark' })] } } }
  const attributes = await read(body, ['b'], { execute: { pageLoad: {} } })
  expect(attributes.getValue('target-global-mbox', 'theme')).toBe('dark')
  const theirs = (await world.adobe().getAttributes(['b'])) as typeof attributes
  expect(theirs.asObject('target-global-mbox')).toEqual({})
})

it('96. offers that are no JSON are no attributes', async () => {
  const options = [json({ a: 1 }, 'html'), json('text', 'html'), json({ a: 1 }, 'actions'), json('text'), json(null)]
  const attributes = await read({ execute: { mboxes: [mbox('b', ...options), { name: 'c' }] } })
  expect(attributes.asObject('b')).toEqual({})
  expect(attributes.asObject('c')).toEqual({})
})

it("97. differs: the caller's options stay as they were, where Adobe adds a request", async () => {
  const options = { sessionId: 'S' }
  await world.client().getAttributes(['b'], options)
  expect(options).toEqual({ sessionId: 'S' })
  await world.adobe().getAttributes(['b'], options)
  expect(options).toHaveProperty('request')
})

it('97. a frozen request works', async () => {
  const mboxes = Object.freeze([Object.freeze({ name: 'x' })])
  const request = Object.freeze({ execute: Object.freeze({ mboxes }) }) as unknown as DeliveryRequestInput
  await read({}, Object.freeze(['a']) as string[], request)
  expect(indexes()?.map(([name]) => name)).toEqual(['x', 'a'])
})

it.each([
  ['2', 0, 2],
  ['two', 7, 7],
  ['', 7, 7],
  [2, '', '2'],
  ['true', false, true],
  ['false', true, false],
  ['yes', false, false],
  [1, false, false],
  [{ a: 1 }, 'text', 'text'],
  [{ a: 1 }, 7, 7],
  [null, 'text', 'text'],
  [false, true, false],
  [0, 7, 0],
])('98. the value %j with the default %j is %j', async (value, like, expected) => {
  const attributes = await read({ execute: { mboxes: [mbox('b', json({ key: value }))] } })
  expect(attributes.getValue('b', 'key', like)).toEqual(expected)
})

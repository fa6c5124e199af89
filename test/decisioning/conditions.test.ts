import { expect, it } from 'vitest'
import { compileCondition, type Read } from '../../src/decisioning/condition.ts'
import { decide } from '../../src/decisioning/decide.ts'
import { artifactOf, request, rule } from './rules.ts'

const DATA: Record<string, unknown> = {
  allocation: 28.81,
  day: 5,
  time: '0905',
  domain: 'shop.com',
  list: [1, 2, 3],
  'list.length': 3,
  none: null,
}
const read: Read = (path) => () => (path === undefined ? DATA : (DATA[path] ?? null))
const comesTo = (condition: unknown) => compileCondition(condition, read)(DATA)

it.each([
  [{ '==': [{ var: 'day' }, '5'] }, true],
  [{ '===': [{ var: 'day' }, '5'] }, false],
  [{ '!=': [{ var: 'day' }, '5'] }, false],
  [{ '!==': [{ var: 'day' }, '5'] }, true],
  [{ '==': [{ var: 'nothing' }, null] }, true],
  [{ '<': [50, { var: 'allocation' }] }, false],
  [{ '<=': [0, { var: 'allocation' }, 50] }, true],
  [{ '<': [28.81, { var: 'allocation' }, 50] }, false],
  [{ '<=': ['0900', { var: 'time' }, '1745'] }, true],
  [{ '<': ['1000', { var: 'time' }, '1745'] }, false],
  [{ '<': ['27.70', { var: 'allocation' }] }, true],
  [{ '>=': ['10', { var: 'nothing' }] }, true],
  [{ '>': [{ var: 'nothing' }, 0] }, false],
])('3.1 %j comes to %j, as JavaScript compares', (condition, expected) => {
  expect(comesTo(condition)).toBe(expected)
})

it.each([
  [{ in: ['shop', { var: 'domain' }] }, true],
  [{ in: ['Shop', { var: 'domain' }] }, false],
  [{ in: [{ var: 'domain' }, ['a.com', 'shop.com']] }, true],
  [{ in: [{ var: 'day' }, ['5']] }, false],
  [{ in: [{ var: 'day' }, [5]] }, true],
  [{ in: ['a', { var: 'nothing' }] }, false],
  [{ in: ['', { var: 'domain' }] }, true],
  [{ in: ['', { cat: [] }] }, false],
  [{ in: ['5', { var: 'day' }] }, false],
])('3.1 %j comes to %j: a text contains texts, a list its items', (condition, expected) => {
  expect(comesTo(condition)).toBe(expected)
})

it.each([
  [{ and: [1, 0, { nonsense: [] }] }, 0],
  [{ and: [1, [], 2] }, []],
  [{ and: [1, 'last'] }, 'last'],
  [{ and: [] }, undefined],
  [{ and: [1, { and: [2, { and: [] }] }] }, undefined],
  [{ or: [0, 'first', { nonsense: [] }] }, 'first'],
  [{ or: [0, [], null] }, null],
  [{ or: [{ or: [0, 7] }, 8] }, 7],
  [{ '!': [[]] }, true],
  [{ '!': 1 }, false],
  [{ '!!': ['0'] }, true],
  [{ if: [0, 'a', [], 'b', 'c'] }, 'c'],
  [{ if: [1, 'a', { nonsense: [] }] }, 'a'],
  [{ '?:': [0, 'a'] }, null],
  [{ if: [] }, null],
  [{ if: [{ if: [0, 1, 0] }, 'a', 'b'] }, 'b'],
])('3.1 %j comes to %j, and what is not needed is not asked', (condition, expected) => {
  expect(comesTo(condition)).toEqual(expected)
})

it.each([
  [{ var: 'domain' }, 'shop.com'],
  [{ var: ['nothing', 'otherwise'] }, 'otherwise'],
  [{ var: { cat: ['do', 'main'] } }, 'shop.com'],
  [{ var: '' }, DATA],
  [{ missing: ['domain', 'nothing'] }, ['nothing']],
  [{ missing: [['nothing']] }, ['nothing']],
  [{ missing_some: [1, ['domain', 'nothing']] }, []],
  [{ missing_some: [2, ['domain', 'nothing']] }, ['nothing']],
  [{ '+': ['1', 2] }, 3],
  [{ '*': [2, '3'] }, 6],
  [{ '-': [2] }, -2],
  [{ '-': [5, 2] }, 3],
  [{ '/': [6, 4] }, 1.5],
  [{ '%': [7, 4] }, 3],
  [{ min: [3, 1, 2] }, 1],
  [{ max: [3, 1, 2] }, 3],
  [{ cat: ['a', 1, null] }, 'a1'],
  [{ merge: [[1], 2, [[3]]] }, [1, 2, [3]]],
  [{ substr: ['jsonlogic', 4] }, 'logic'],
  [{ substr: ['jsonlogic', -5, -2] }, 'log'],
  [{ log: 'nothing is written' }, 'nothing is written'],
  [{ map: [{ var: 'list' }, { '*': [{ var: '' }, 2] }] }, [2, 4, 6]],
  [{ filter: [{ var: 'list' }, { '>': [{ var: '' }, 1] }] }, [2, 3]],
  [{ all: [[], true] }, false],
  [{ all: [{ var: 'list' }, { '>': [{ var: '' }, 0] }] }, true],
  [{ some: [{ var: 'domain' }, true] }, false],
  [{ none: [[{ a: 1, b: 2 }], { '==': [{ var: 'a' }, 2] }] }, true],
  [{ reduce: [{ var: 'list' }, { '+': [{ var: 'current' }, { var: 'accumulator' }] }, 10] }, 16],
  [{ reduce: ['no list', 1, 10] }, 10],
  [
    { two: 1, keys: 2 },
    { two: 1, keys: 2 },
  ],
  [
    ['a', { var: 'day' }],
    ['a', 5],
  ],
])('3.1 %j comes to %j', (condition, expected) => {
  expect(comesTo(condition)).toEqual(expected)
})

it.each([true, 1, 'text', [], {}, { a: 1, b: 2 }])('3.1 a condition that is %j lets everybody in', (condition) => {
  const { response } = decide(artifactOf({ mboxes: { home: [rule({ condition })] } }), request({ mboxes: ['home'] }), 0)
  expect(response.prefetch?.mboxes?.[0]?.options).toHaveLength(1)
})

it.each([false, 0, '', null, undefined])('3.1 a condition that is %j lets nobody in', (condition) => {
  const refused = { ...rule({}), condition }
  const { response } = decide(artifactOf({ mboxes: { home: [refused] } }), request({ mboxes: ['home'] }), 0)
  expect(response.prefetch?.mboxes).toEqual([{ name: 'home', index: 0 }])
})

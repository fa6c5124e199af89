import { expect, it } from 'vitest'
import { count, percent, signed, sureness } from '../../src/cli/page/number.ts'

// What the page of an edge writes for figures of its ledger.

it.each([
  [count(12_345), '12,345'],
  [percent(0.0361), '3.6 %'],
  [percent(0.179), '18 %'],
  [signed(3.91), '+391 %'],
  [signed(-0.091), '−9.1 %'],
  [signed(0), '0.0 %'],
])('%s is %s', (written, expected) => {
  expect(written).toBe(expected)
})

it('is never sure of a measurement', () => {
  expect([0, 0.4599, 0.9499, 0.9989, 0.9995, 1].map(sureness)).toEqual([
    '0 % sure',
    '45 % sure',
    '94 % sure',
    '99 % sure',
    'over 99.9 % sure',
    'over 99.9 % sure',
  ])
})

import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseRequest } from '../../src/delivery/contract.ts'
import { isTargetError } from '../../src/delivery/error.ts'
import { type ParseRequest, parseRequest as parseBySchemas } from '../../src/delivery/request.ts'
import { freeze, pathsOf, replaced, requests, WHOLE } from './whole-request.ts'

const outcomeOf = (parse: ParseRequest, input: unknown) => {
  try {
    return { text: JSON.stringify(parse(input as never)) } as { text?: string }
  } catch (error) {
    if (!isTargetError(error)) throw error
    const { code, message, path, limit, received } = error
    return { text: undefined, code, message, path, limit, received }
  }
}
const expectTheSame = (input: unknown): void => {
  const [table, schemas] = [outcomeOf(parseRequest, freeze(input)), outcomeOf(parseBySchemas, input)]
  if (table.text === undefined || table.text !== schemas.text) expect(table).toEqual(schemas)
}

/** On a machine that has other things to do. */
const PATIENCE = 60_000

/** Values at and beyond the limits of the contract. */
const edges = fc.oneof(
  fc
    .constantFrom(2, 3, 12, 50, 100, 128, 200, 250, 256, 512, 1024, 4096, 5000)
    .chain((length) => fc.constantFrom(length, length + 1).map((exact) => 'x'.repeat(exact))),
  fc.constantFrom<unknown>(
    -1,
    0,
    1,
    1.5,
    1e12,
    1e12 - 1,
    2147483647,
    2147483648,
    Number.NaN,
    Infinity,
    '',
    ' ',
    null,
    [],
    {},
  ),
  fc.constantFrom(50, 51, 100, 101).map((length) => Array.from({ length }, (_, index) => ({ name: 'm', index }))),
  fc
    .constantFrom(50, 51, 100, 101)
    .map((length) => Object.fromEntries(Array.from({ length }, (_, at) => [`p${at}`, at]))),
  fc.constantFrom('any mbox', 'a-clicked', 'https://stats.example', '1.2.3.4', '1.2.3', '::1', 'CH', 'web', 'mobile'),
  fc.constantFrom<unknown>(new Date(0), new Date(Number.NaN), '2025-01-01', { orderId: '1' }, { 'profile.a': '1' }),
  fc.constantFrom<unknown>([null, { name: 'a' }, { name: 'b', index: 0 }, { name: 'c', index: 0 }], { $type: 'x' }),
)
const atTheEdge = fc
  .tuple(fc.constantFrom(...pathsOf(WHOLE)), edges)
  .map(([path, value]) => replaced(WHOLE, path, value))

it('the table is what the schemas say now', () => {
  const folder = new URL('../..', import.meta.url)
  expect(() => execFileSync(process.execPath, ['scripts/contract.mjs', '--check'], { cwd: folder })).not.toThrow()
})

it('the table takes the whole request as the schemas do', () => {
  expect(outcomeOf(parseRequest, WHOLE)).toHaveProperty('text')
  expectTheSame(WHOLE)
  expectTheSame({})
  for (const nothing of [undefined, null, 1, 'x', []]) expectTheSame(nothing)
})

it(
  'the table and the schemas give the same, or the same error, for what is wrong in one place',
  () => {
    fc.assert(fc.property(requests, expectTheSame), { numRuns: 2000 })
  },
  PATIENCE,
)

it(
  'the table and the schemas agree at every limit',
  () => {
    fc.assert(fc.property(atTheEdge, expectTheSame), { numRuns: 2000 })
  },
  PATIENCE,
)

it(
  'the table and the schemas tell the same fault first',
  () => {
    const twice = fc
      .tuple(atTheEdge, fc.constantFrom(...pathsOf(WHOLE)), edges)
      .map(([request, path, value]) => replaced(request, path, value))
    fc.assert(fc.property(twice, expectTheSame), { numRuns: 2000 })
  },
  PATIENCE,
)

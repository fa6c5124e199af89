import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import tsconfig from '../../tsconfig.json' with { type: 'json' }
import * as errors from './errors.ts'
import * as models from './models.ts'
import * as results from './results.ts'

const require = createRequire(import.meta.url)
const folder = join(dirname(require.resolve('@adobe/target-tools/delivery-api-client')), 'models')
const table = readFileSync(new URL('models.ts', import.meta.url), 'utf8')

/** Aliases of `Date`, `string` and `object`, and the list of all. */
const NO_MODELS = ['DateTime', 'OneOf', 'index']

it('every model that Adobe publishes is in the table which the compiler checks', () => {
  const models = readdirSync(folder)
    .map((file) => file.replace('.d.ts', ''))
    .filter((name) => !NO_MODELS.includes(name))
  expect(models.length).toBeGreaterThan(50)
  expect(models.filter((name) => !table.includes(`  ${name}: [Adobe.${name}, `))).toEqual([])
})

it('the compiler reads the mistakes, the models and the types of results', () => {
  expect(tsconfig.include).toContain('test')
  expect(Object.keys({ ...errors, ...models, ...results }).length).toBeGreaterThan(10)
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { beforeAll, expect, it, vi } from 'vitest'
import { build } from './project.ts'

// The browsers that docs/support.md names can parse what is published: a compiler for them has nothing to change.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 })

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/support.md'), 'utf8')
const [, table = ''] = /<!-- browsers -->([\s\S]*?)<!-- \/browsers -->/.exec(page) ?? []
const browsers = [...table.matchAll(/^\| (Chrome|Edge|Firefox|Safari)\b.*? \| ([\d.]+) \|/gm)].map(
  ([, name = '', version]) => `${name.toLowerCase()}${version}`,
)

beforeAll(build)

/** The files that are not the same when they are compiled for a target. */
const unlike = async (target: string[]): Promise<string[]> => {
  // Neither is for pages.
  const files = readdirSync(join(root, 'dist')).filter((name) => /(?<!^server|^cli.*)\.js$/.test(name))
  const changed = await Promise.all(
    files.map(async (name) => {
      const code = readFileSync(join(root, 'dist', name), 'utf8')
      const written = async (target: string[]) => (await transform(code, { target, logLevel: 'silent' })).code
      const asItIs = await written(['esnext'])
      return written(target).then(
        (compiled) => (compiled === asItIs ? [] : [name]),
        () => [name],
      )
    }),
  )
  return changed.flat()
}

it('is ES2022', async () => {
  expect(await unlike(['es2022'])).toEqual([])
})

it('is known to the oldest browsers that are supported', async () => {
  expect(browsers).toHaveLength(4)
  expect(await unlike(browsers)).toEqual([])
})

it('would not be known to browsers that are much older', async () => {
  expect((await unlike(['chrome79', 'safari13.1'])).length).toBeGreaterThan(5)
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import pkg from '../../package.json' with { type: 'json' }
import { holds } from './excerpt.ts'
import { blocksIn, excerpts, pages, root, samples, untested } from './markdown.ts'

// No block of code in the documentation is left to itself: it is run, or it shows a part of a file that is tested.

const testsIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))

/** Tests that read samples. */
const readers = testsIn(join(root, 'test')).filter((text) => /from '.*\/(markdown|run-sample)\.ts'/.test(text))

/** Pages that a test follows as a new user does, from the first command to the last: it writes their files and types their lines. */
const isFollowed = (page: string): boolean =>
  page.startsWith(join('docs', 'start', '/')) && existsSync(join(root, 'test/docs/starts.test.ts'))

describe('a block of code', () => {
  it('has a name by which a test runs it, shows a file, or says why it does neither', () => {
    const all = blocksIn('ts', 'tsx', 'js', 'jsx', 'html', 'vue', 'svelte')
    const left = samples.filter(({ page, name }) => name === undefined && !isFollowed(page))
    expect(left.map(({ page, code }) => `${page}: ${code}`)).toEqual([])
    expect(samples.length + excerpts.length + untested.length).toBe(all.length)
  })

  it.each(samples.flatMap(({ page, name }) => (name && !isFollowed(page) ? [name] : [])))(
    'is run by a test: %s',
    (name) => {
      const quoted = new RegExp(`['"\`]${name}['"\`]`)
      expect(readers.some((text) => quoted.test(text))).toBe(true)
    },
  )

  it.each(excerpts)('of $page shows $file as it is, which has tests', ({ file, code }) => {
    expect(file).toMatch(/^(demo|test|src)\//)
    expect(holds(readFileSync(join(root, file), 'utf8'), code), `${file} has:\n${code}`).toBe(true)
  })

  it('is named once', () => {
    const names = samples.flatMap(({ name }) => name ?? [])
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  })

  it('is left out for a reason only, which is told here, and seldom', () => {
    for (const { page, reason } of untested) console.info(`not run: a block of ${page}: ${reason}`)
    expect(untested.length).toBeLessThan(4)
    expect(untested.filter(({ reason }) => reason.length < 20)).toEqual([])
  })
})

describe('JSON in the documentation', () => {
  const conforms = new Ajv({ allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(join(root, 'schema/activities.schema.json'), 'utf8')),
  )

  it.each(blocksIn('json'))('of $page can be read, and conforms where it is a file of activities', ({ code }) => {
    const value = JSON.parse(code)
    if ('activities' in value && !('rules' in value))
      expect(conforms(value), JSON.stringify(conforms.errors)).toBe(true)
  })
})

describe('lines for a shell', () => {
  const lines = blocksIn('sh', 'bash').flatMap(({ page, code }) =>
    code
      .replaceAll('\\\n', ' ')
      .split('\n')
      .flatMap((line) => line.replace(/\s#.*$/, '').split('&&'))
      .map((line) => ({ page, line: line.trim() }))
      .filter(({ page, line }) => line && !isFollowed(page)),
  )
  const scripts = Object.keys(pkg.scripts)

  it('call scripts and files that are there, or the command, which test/cli runs as it is typed', () => {
    const unknown = lines.filter(({ line }) => {
      const [, script] = /^npm (?:run )?([\w:]+)/.exec(line) ?? []
      if (script) return !['ci', 'install', 'init', 'pack', ...scripts].includes(script)
      const [, file = ''] = /^node ([\w./-]+)/.exec(line) ?? []
      if (file) return !existsSync(join(root, file))
      // There is no Docker where tests run: test/cli/docker.test.ts does what the image would do.
      return !/\bisotarget /.test(line) && !/^docker /.test(line)
    })
    expect(lines.length).toBeGreaterThan(20)
    expect(unknown).toEqual([])
  })

  it('are found in every page', () => {
    expect(new Set(lines.map(({ page }) => page)).size).toBeGreaterThan(5)
    expect([...pages.keys()]).toEqual(expect.arrayContaining([...new Set(lines.map(({ page }) => page))]))
  })
})

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'

type Target = string | { [condition: string]: Target }

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const pkg = JSON.parse(read('package.json')) as { name: string; exports: Record<string, Target> }
/** What a reader imports as JSON. */
const papers = ['./package.json', './activities.schema.json', './integrity.json']
const subpaths = Object.fromEntries(Object.entries(pkg.exports).filter(([subpath]) => !papers.includes(subpath)))

const filesOf = (target: Target): string[] =>
  typeof target === 'string' ? [target] : Object.values(target).flatMap(filesOf)
const doorsOf = (target: Target) => [...new Set(filesOf(target).map((file) => /^\.\/dist\/([\w-]+)\./.exec(file)?.[1]))]

/** Runs a program of this package to its end: a timer or socket left behind makes it fail. */
const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', timeout: 50_000 })
  if (status !== 0) throw new Error(stderr || 'it did not end')
  return stdout
}

const load = (type: 'module' | 'commonjs', specifier: string) => {
  const loadingOf = (name: string) => (type === 'module' ? `await import('${name}')` : `require('${name}')`)
  const loading = loadingOf(specifier)
  // Vue makes globals of its own.
  const code = `
    ${loadingOf('vue')}
    const before = Object.getOwnPropertyNames(globalThis)
    const names = Object.keys(${loading}).sort()
    const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name))
    console.log(JSON.stringify({ names, added }))`
  return JSON.parse(run(`--input-type=${type}`, '--eval', code)) as { names: string[]; added: string[] }
}

// Processes are started, and dist may have to be built.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let sizes: Record<string, { brotli: number }>
beforeAll(() => {
  sizes = JSON.parse(run('scripts/size.mjs', '--json'))
})

describe('the doors', () => {
  it('are the files at the root of src, each with an export of its name', () => {
    // The command line and the scripts of pages are run, and imported by nobody.
    const programs = ['cli.ts', 'edge-page.ts', 'global.ts', 'atjs-global.ts', 'inspector-global.ts']
    const files = readdirSync(join(root, 'src')).filter((name) => name.endsWith('.ts') && !programs.includes(name))
    const named = Object.keys(subpaths).filter((subpath) => subpath !== '.')
    expect(named.map((subpath) => `${subpath.slice('./'.length)}.ts`).sort()).toEqual(files.sort())
    for (const subpath of named)
      expect([subpath, doorsOf(pkg.exports[subpath]!)]).toEqual([subpath, [subpath.slice(2)]])
  })

  it('are one for browsers and one for everything else when no name is given', () => {
    // Bundlers for edge workers set `browser` too: their own conditions come first.
    expect(doorsOf(pkg.exports['.']!)).toEqual(['server', 'browser'])
  })

  it('that have hooks of React say at their head that they are of the page', () => {
    const heads = filesOf(pkg.exports['./react']!).filter((file) => /\.c?js$/.test(file))
    expect(heads.map((file) => read(file).split('\n')[0])).toEqual(["'use client';", "'use client';"])
  })

  it('lead to files that exist', () => {
    expect(filesOf(pkg.exports).filter((file) => !existsSync(join(root, file)))).toEqual([])
  })
})

describe.each(Object.keys(subpaths).map((subpath) => pkg.name + subpath.slice(1)))('%s', (specifier) => {
  it('gives the same names to import and to require, and does nothing else', () => {
    const { names, added } = load('module', specifier)
    expect(names.length).toBeGreaterThan(0)
    expect(added).toEqual([])
    expect(load('commonjs', specifier)).toEqual({ names, added })
  })
})

describe('the sizes', () => {
  const limits = Object.entries(JSON.parse(read('scripts/size-limits.json')) as Record<string, number>)

  it.each(limits)('of %s stays within %i bytes', (id, limit) => {
    expect(sizes[id]?.brotli).toBeLessThanOrEqual(limit)
  })

  it.each([
    'README.md',
    'docs/browser.md',
    'docs/decisions/016-budgets.md',
    'docs/decisions/023-where-the-engine-lies.md',
  ])('in %s are the measured ones', (page) => {
    const quoted = [...read(page).matchAll(/<!-- size:([\w.-]+) -->(.*?)<!-- \/size -->/g)]
    const measured = quoted.map(([, id = '']) => [id, `${((sizes[id]?.brotli ?? Number.NaN) / 1000).toFixed(1)} kB`])
    expect(quoted.map(([, id, size]) => [id, size])).toEqual(measured)
    expect(quoted.length).toBeGreaterThan(1)
  })

  it('that have a limit are all in README', () => {
    const page = read('README.md')
    expect(limits.filter(([id]) => !page.includes(`<!-- size:${id} -->`))).toEqual([])
  })
})

describe('the tarball', () => {
  it('holds dist and the papers, nothing else', () => {
    const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    })
    const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }]
    const others = files.map(({ path }) => path).filter((path) => !path.startsWith('dist/'))
    expect(others.sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
      'schema/activities.schema.json',
    ])
  })
})

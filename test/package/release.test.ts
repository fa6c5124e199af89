import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import pkg from '../../package.json' with { type: 'json' }
import { build } from './project.ts'

// Builds are made, here and in a folder elsewhere.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

interface Step {
  uses?: string
  run?: string
  with?: Record<string, unknown>
}
interface Workflow {
  on: { push: { tags?: string[]; branches?: string[] }; pull_request?: null }
  permissions: Record<string, string>
  jobs: Record<string, { permissions?: Record<string, string>; steps: Step[] }>
}
const workflow = (name: string) => parse(read(`.github/workflows/${name}.yml`)) as Workflow
const runsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run = [] }) => run))

describe('the workflow that publishes', () => {
  const { on, permissions, jobs } = workflow('publish')
  const runs = runsOf(workflow('publish'))
  const at = (start: string) => runs.findIndex((run) => run.startsWith(start))

  it('runs for tags of versions alone', () => {
    expect(on).toEqual({ push: { tags: ['v*.*.*'] } })
  })

  it('may read, and say who it is, and nothing else', () => {
    expect(permissions).toEqual({ contents: 'read' })
    expect(Object.values(jobs).map((job) => job.permissions)).toEqual([{ contents: 'read', 'id-token': 'write' }])
  })

  it('compares the tag, installs by the lock file and tests before it publishes with provenance', () => {
    const order = ['node scripts/release.mjs check', 'npm ci', 'npm test', 'npm publish'].map(at)
    expect(order).toEqual([...order].sort((one, other) => one - other))
    expect(order).not.toContain(-1)
    expect(runs.filter((run) => run.startsWith('npm publish'))).toEqual([
      'npm publish --provenance --access public --ignore-scripts',
    ])
    expect(at('npm publish')).toBe(runs.length - 1)
  })

  it('puts nothing that others write into a command', () => {
    expect(runs.filter((run) => run.includes('${{'))).toEqual([])
  })
})

describe.each(['ci', 'publish'])('the workflow %s', (name) => {
  const { permissions, jobs } = workflow(name)
  const steps = Object.values(jobs).flatMap((job) => job.steps)

  it('takes actions by their commit, and leaves no credentials behind', () => {
    const uses = steps.flatMap((step) => step.uses ?? [])
    expect(uses.length).toBeGreaterThan(1)
    expect(uses.filter((use) => !/^actions\/[\w-]+@[\da-f]{40}$/.test(use))).toEqual([])
    expect(steps.find((step) => step.uses?.startsWith('actions/checkout@'))?.with).toMatchObject({
      'persist-credentials': false,
    })
    expect(permissions).toEqual({ contents: 'read' })
  })

  it('runs what README tells a newcomer to run', () => {
    expect(runsOf(workflow(name))).toEqual(expect.arrayContaining(['npm ci', 'npm test']))
  })
})

it('the package publishes with provenance, also by hand', () => {
  expect(pkg.publishConfig).toEqual({ access: 'public', provenance: true })
})

describe('a release', () => {
  const release = (...args: string[]) =>
    spawnSync(process.execPath, ['scripts/release.mjs', ...args], { cwd: root, encoding: 'utf8' })

  it('has the tag of the version that is in package.json and in the changelog', () => {
    expect(release('check', `v${pkg.version}`)).toMatchObject({ status: 0, stderr: '' })
    for (const tag of [pkg.version, 'v9.9.9', '']) {
      const { status, stderr } = release('check', tag)
      expect([status, stderr]).toEqual([1, expect.stringContaining(`tag it v${pkg.version}`)])
    }
    expect(release().status).toBe(2)
  })

  it('has notes with its changes and the hash of each script file', async () => {
    await build()
    const { stdout } = release('notes')
    expect(stdout).toContain(`# ${pkg.version}\n\n- Add`)
    for (const [file, { integrity }] of integrities())
      expect(stdout).toMatch(new RegExp(`\\| \`${file}\` \\|.*${integrity.replaceAll('+', '\\+')}`))
  })
})

interface Weighed {
  integrity: string
  bytes: number
  gzip: number
  brotli: number
}
const integrities = () => Object.entries(JSON.parse(read('dist/integrity.json')) as Record<string, Weighed>)

describe('dist/integrity.json', () => {
  beforeAll(build)

  it('lists the files that pages load by their address', () => {
    const loaded = readdirSync(join(root, 'dist')).filter((name) => /^isotarget\..*js$/.test(name))
    expect(
      integrities()
        .map(([file]) => file)
        .sort(),
    ).toEqual(loaded.sort())
  })

  it('says what they are', () => {
    for (const [file, { integrity, bytes, gzip, brotli }] of integrities()) {
      const content = readFileSync(join(root, 'dist', file))
      const hash = createHash('sha384').update(content).digest('base64')
      expect([file, integrity, bytes]).toEqual([file, `sha384-${hash}`, content.length])
      expect(brotli).toBeLessThan(gzip)
      expect(gzip).toBeLessThan(bytes / 2)
    }
  })
})

it('the same source gives the same bytes, wherever it lies', async () => {
  await build()
  const folder = mkdtempSync(join(tmpdir(), 'isotarget-build-'))
  for (const path of ['src', 'scripts', 'package.json', 'tsconfig.json', 'rollup.config.mjs'])
    cpSync(join(root, path), join(folder, path), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  execFileSync(process.execPath, ['node_modules/rollup/dist/bin/rollup', '-c', '--silent'], { cwd: folder })
  // Maps name the sources of packages, which lie elsewhere for this folder.
  const dist = (where: string) =>
    readdirSync(join(where, 'dist'))
      .filter((name) => !name.endsWith('.map'))
      .sort()
  expect(dist(folder)).toEqual(dist(root))
  const differing = dist(root).filter(
    (file) => !readFileSync(join(root, 'dist', file)).equals(readFileSync(join(folder, 'dist', file))),
  )
  expect(differing).toEqual([])
  rmSync(folder, { recursive: true })
})

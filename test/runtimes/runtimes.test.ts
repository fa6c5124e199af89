import { spawn } from 'node:child_process'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import pkg from '../../package.json' with { type: 'json' }
import { findRuntimes, type RuntimeId, runtimes } from '../../scripts/ensure-runtimes.mjs'
import { createProject, type Project } from '../package/project.ts'
import { expectArrived, SAID, type Told } from './expected.ts'
import { openSurroundings, type Surroundings } from './surroundings.ts'
import { bundle, type Modules, startWorker } from './workerd.ts'

const BUILT = 'node_modules/isotarget/dist/'
const programs = join(import.meta.dirname, 'programs')
const found = findRuntimes()

let project: Project
beforeAll(async () => {
  project = await createProject()
  cpSync(programs, project.folder, { recursive: true })
})
afterAll(() => project?.remove())

const { FORCE_COLOR: _, NO_COLOR: __, NODE_OPTIONS: ___, ...env } = process.env

/** Runs a program to its end, which it must find by itself. */
const run = async (command: string, args: string[], { around }: Surroundings): Promise<Told> => {
  const child = spawn(command, [...args, JSON.stringify({ around })], {
    cwd: project.folder,
    env: { ...env, DENO_NO_UPDATE_CHECK: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  expect([code, err]).toEqual([0, ''])
  return JSON.parse(out)
}

/** One way to run the shop: a row of the table in docs/runtimes.md, and a test. */
interface Case {
  id: RuntimeId | 'edge'
  title: string
  version: string
  /** How the program comes by the package. */
  form: string
  /** The file that plain `isotarget` is there. */
  door: 'server.js' | 'server.cjs'
  hasFiles: boolean
  run(program: string, surroundings: Surroundings): Promise<Told>
}

const processCase = (id: RuntimeId, args: string[], isModule: boolean): Case => ({
  id,
  ...runtimes[id],
  form: isModule ? '`import`' : '`require`',
  door: isModule ? 'server.js' : 'server.cjs',
  hasFiles: true,
  run: (program, surroundings) => run(program, [...args, isModule ? 'imported.mjs' : 'required.cjs'], surroundings),
})

const visitWorker = async (program: string, modules: Modules, { around }: Surroundings): Promise<Told> => {
  const worker = await startWorker({ program, folder: project.folder, modules, compatibilityDate: '2026-07-01' })
  onTestFinished(worker.stop)
  const headers = { ...around.headers, 'x-around': JSON.stringify(around) }
  const { status, body } = await worker.visit('/?from=mail', headers)
  expect([status, worker.complaints()]).toEqual([200, ''])
  return JSON.parse(body)
}

const workerCase = (form: string, modulesOf: () => Promise<Modules>): Case => ({
  id: 'workerd',
  ...runtimes.workerd,
  form,
  door: 'server.js',
  hasFiles: false,
  run: async (program, surroundings) => visitWorker(program, await modulesOf(), surroundings),
})

/** The file of the package that a bundler took, checked before anything of it runs. */
const bundled = async (file: string, outfile: string): Promise<Modules> => {
  const inputs = await bundle(project.folder, file, join(project.folder, outfile))
  expect(inputs).toContain(`${BUILT}server.js`)
  return [[outfile, outfile]]
}

/** Each built file as it is. Modules of one folder see each other there, and packages have many files: each is made one. */
const asModules = async (): Promise<Modules> => {
  const inputs = await bundle(project.folder, 'worker.mjs', join(project.folder, 'unused.js'))
  const own = inputs.flatMap((path) => {
    const file = path.startsWith(BUILT) ? path.slice(BUILT.length) : undefined
    return file ? [[file === 'server.js' ? 'isotarget' : file, path] as const] : []
  })
  expect(own.length).toBeGreaterThan(3)
  const packages = Object.keys(pkg.dependencies).map((name) => [name, `package-${name}.js`] as const)
  for (const [name, file] of packages) await bundle(project.folder, name, join(project.folder, file))
  return [['worker.mjs', 'worker.mjs'], ['shop.mjs', 'shop.mjs'], ...own, ...packages]
}

/** As a platform of edge functions builds: no chunks, no Node. */
const runEdgeFunction = async (program: string, surroundings: Surroundings): Promise<Told> => {
  const outfile = join(project.folder, 'edge-function.js')
  const { metafile } = await build({
    absWorkingDir: project.folder,
    entryPoints: ['edge-function.mjs'],
    outfile,
    bundle: true,
    format: 'iife',
    target: 'es2022',
    conditions: ['edge-light', 'worker', 'browser'],
    metafile: true,
    logLevel: 'silent',
  })
  expect(Object.keys(metafile.inputs)).toContain(`${BUILT}server.js`)
  return run(program, [join(programs, 'edge-vm.mjs'), outfile], surroundings)
}

const cases: Case[] = [
  ...(['node20', 'node22', 'node24', 'node26', 'bun'] as const).flatMap((id) => [
    processCase(id, [], true),
    processCase(id, [], false),
  ]),
  processCase('deno', ['run', '--allow-all', '--no-remote'], true),
  processCase('deno', ['run', '--allow-all', '--no-remote'], false),
  workerCase('the built files as modules', asModules),
  workerCase('bundled as by wrangler', () => bundled('worker.mjs', 'bundled.js')),
  {
    id: 'edge',
    title: 'Edge runtime',
    version: pkg.devDependencies['@edge-runtime/vm'],
    form: 'bundled with `edge-light`',
    door: 'server.js',
    hasFiles: false,
    run: runEdgeFunction,
  },
]

/** Why a case cannot run here; in CI what should be there and is not fails instead. */
const reasonAgainst = (id: Case['id']): string | undefined => {
  if (id === 'edge' || found[id]) return undefined
  if (!runtimes[id].isPublished) return 'npm has none for this platform'
  return process.env.CI ? undefined : 'not there, run "node scripts/ensure-runtimes.mjs"'
}

describe('a shop that has installed the package is the same in', () => {
  for (const { id, title, version, form, door, hasFiles, run } of cases) {
    const reason = reasonAgainst(id)
    test.skipIf(reason)(`${title} ${version}, ${form}${reason ? ` (skipped: ${reason})` : ''}`, async () => {
      const program = id === 'edge' ? process.execPath : found[id]
      if (!program) throw new Error(`${title} ${version} is not there: run "node scripts/ensure-runtimes.mjs"`)
      const surroundings = await openSurroundings()
      onTestFinished(surroundings.close)
      const { resolved, ...told } = await run(program, surroundings)
      expect(told).toEqual({ ...SAID, files: hasFiles ? { sent: 0, rejected: 0, pending: 1 } : 'INVALID_ARGUMENT' })
      expect(surroundings.files()).toEqual(hasFiles ? [expect.stringMatching(/^isotarget%3Aacme%3A/)] : [])
      if (resolved) expect(resolved.replace(/^file:\/\//, '')).toBe(join(project.folder, BUILT, door))
      expectArrived(surroundings, told)
    })
  }
})

test('the table in docs/runtimes.md says what runs', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/runtimes.md'), 'utf8')
  const [, table = ''] = /<!-- runtimes -->\n([\s\S]*?)<!-- \/runtimes -->/.exec(page) ?? []
  const rows = cases.map(({ title, version, form, door, hasFiles }) =>
    [title, version, form, `\`${door}\``, hasFiles ? 'yes' : 'no'].join(' | '),
  )
  const written = table.split('\n').filter((line) => line.startsWith('| '))
  expect(written.slice(1)).toEqual(rows.map((row) => `| ${row} |`))
})

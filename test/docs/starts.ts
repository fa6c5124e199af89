/** The pages in docs/start as somebody follows them: files to paste, commands to type, and what comes of it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, vi } from 'vitest'
import { createProject, type Project } from '../package/project.ts'
import { pages, root } from './markdown.ts'

/** Files of a page by name: a line with the name, then the block. */
export const filesOf = (page: string): Map<string, string> =>
  new Map(
    [...textOf(page).matchAll(/^`([\w.-]+)`\n\n(?:<!--[\s\S]*?-->\n)?```\w+\n([\s\S]*?)```/gm)].map(
      ([, name = '', code = '']) => [name, code],
    ),
  )

const blocksOf = (page: string, language: string): string[] =>
  [...textOf(page).matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'gm'))].map(([, code = '']) => code)

/** Lines that are typed, in the order of the page. */
export const commandsOf = (page: string): string[] => blocksOf(page, 'sh').flatMap((code) => code.trim().split('\n'))

/** Lines that the page promises. */
export const promisesOf = (page: string): string[] => blocksOf(page, 'text').flatMap((code) => code.trim().split('\n'))

export const textOf = (page: string): string => pages.get(join('docs', 'start', `${page}.md`)) ?? ''

/** Two ports that were free a moment ago. */
const freePorts = async (): Promise<number[]> => {
  const servers = [createServer(), createServer()]
  const ports: number[] = []
  for (const server of servers) {
    await once(server.listen(0, '127.0.0.1'), 'listening')
    ports.push((server.address() as AddressInfo).port)
  }
  for (const server of servers) await once(server.close(), 'close')
  return ports
}

/** As users have it: none of what the tests themselves were started with. */
const { FORCE_COLOR: _, NO_COLOR: __, NODE_OPTIONS: ___, VITEST: ____, NODE_ENV: _____, ...env } = process.env

interface Running {
  out: string
  child: ChildProcess
}

export interface Start {
  folder: string
  /** The text of a page with the ports that are used here in place of its own. */
  here(text: string): string
  port(name: 'edge' | 'app'): number
  /** Types a line of the page, and waits for its end. */
  type(line: string): Promise<string>
  /** Types a line that runs on. */
  start(line: string): Running
  write(name: string, text: string): void
  close(): Promise<void>
}

/** Installs what the page installs: this package as npm packs it, the others as they are in this repository. */
const install = (folder: string, line: string): void => {
  const names = line.replace('--save-dev ', '').split(' ').slice(2)
  // npm brings peers too.
  if (names.includes('@openfeature/server-sdk')) names.push('@openfeature/core')
  for (const name of names.filter((name) => name !== 'isotarget')) {
    const from = join(root, 'node_modules', name)
    expect(existsSync(from), `${name} is installed`).toBe(true)
    const to = join(folder, 'node_modules', name)
    mkdirSync(dirname(to), { recursive: true })
    symlinkSync(from, to)
    const bin = { vite: 'bin/vite.js', vitest: 'vitest.mjs' }[name]
    if (bin) symlinkSync(join(to, bin), join(folder, 'node_modules/.bin', name))
  }
}

let packed: Promise<Project> | undefined
afterAll(async () => (await packed)?.remove())

/** Packs this package, once for a test file. */
export const pack = (): Promise<Project> => {
  packed ??= createProject()
  return packed
}

/** A folder of its own with this package. */
const createFolder = async (): Promise<string> => {
  const { folder: from } = await pack()
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'isotarget-start-')))
  cpSync(join(from, 'node_modules'), join(folder, 'node_modules'), { recursive: true, verbatimSymlinks: true })
  return folder
}

/** A folder in which somebody has done what the page says up to its first program. */
export const openStart = async (page: string, app = '3000'): Promise<Start> => {
  const folder = await createFolder()
  const [edge = 0, own = 0] = await freePorts()
  const ports = { edge, app: own }
  const running: Running[] = []
  const here = (text: string) =>
    text.replace(/8080|3000|5173/g, (port) => `${{ 8080: ports.edge, [app]: ports.app }[port] ?? port}`)
  const write = (name: string, text: string) => writeFileSync(join(folder, name), here(text))

  const start = (line: string): Running => {
    const flags = { 'npx isotarget edge activities.json': ` --port ${ports.edge}`, 'npx vite': ` --port ${ports.app}` }
    const typed = here(line) + (flags[line as keyof typeof flags] ?? '')
    const child = spawn('sh', ['-c', `exec ${typed.replace(/^npx /, 'node_modules/.bin/')}`], {
      cwd: folder,
      env: { ...env, PORT: `${ports.app}`, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const one: Running = { out: '', child }
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        one.out += text
      })
    }
    running.push(one)
    return one
  }
  const type = async (line: string): Promise<string> => {
    const one = start(line)
    const [code] = await once(one.child, 'close')
    expect([line, code, code ? one.out : '']).toEqual([line, 0, ''])
    return one.out
  }

  for (const line of commandsOf(page).filter((line) => line.startsWith('npm install'))) install(folder, line)
  await type('npm init -y')
  for (const [name, code] of filesOf(page)) write(name, code)
  return {
    folder,
    here,
    port: (name) => ports[name],
    type,
    start,
    write,
    async close() {
      for (const { child } of running) {
        if (child.exitCode !== null || child.signalCode !== null) continue
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A promised line as a pattern: times, ids and what an ellipsis stands for are others each time. */
const patternOf = (line: string): RegExp =>
  new RegExp(
    line
      .replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')
      .replace(/\d\d:\d\d:\d\d/g, '\\d\\d:\\d\\d:\\d\\d')
      .replaceAll('…', '.*'),
  )

/** Waits until a program has said all of these lines. */
export const expectSaid = (said: () => string, lines: readonly string[]): Promise<void> =>
  vi.waitFor(
    () => {
      for (const line of lines) expect(said()).toMatch(patternOf(line))
    },
    { timeout: 20_000 },
  )

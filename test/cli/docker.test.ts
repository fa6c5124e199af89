import { execFile } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import pkg from '../../package.json' with { type: 'json' }
import { build } from '../package/project.ts'
import { ended, start } from './shell.ts'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8')

/** What follows an instruction; the last one holds. */
const instruction = (name: string): string =>
  dockerfile
    .split('\n')
    .filter((line) => line.startsWith(`${name} `))
    .at(-1)
    ?.slice(name.length + 1) ?? ''
const listOf = (name: string): string[] => JSON.parse(/\[.*\]$/.exec(instruction(name))?.[0] ?? '[]')

/** The root of an image, as far as its instructions make one. */
let image = ''
beforeAll(async () => {
  await build()
  image = mkdtempSync(join(tmpdir(), 'isotarget-image-'))
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', image], { cwd: root })
  const installed = join(image, 'lib/node_modules/isotarget')
  mkdirSync(installed, { recursive: true })
  await run('tar', ['-xzf', join(image, `isotarget-${pkg.version}.tgz`), '-C', installed, '--strip-components=1'])
  mkdirSync(join(installed, 'node_modules'))
  for (const name of Object.keys(pkg.dependencies))
    symlinkSync(join(root, 'node_modules', name), join(installed, 'node_modules', name))
  mkdirSync(join(image, 'bin'))
  symlinkSync(join(installed, pkg.bin.isotarget), join(image, 'bin/isotarget'))
  mkdirSync(join(image, 'srv'))
  writeFileSync(join(image, 'srv/activities.json'), JSON.stringify({ activities: [] }))
}, 240_000)
afterAll(() => rmSync(image, { recursive: true, force: true }))

const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, () => resolve()))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

it('copies what npm pack writes, and nothing else reaches the build', () => {
  const [source = '', target] = instruction('COPY').split(' ')
  expect(globSync(source, { cwd: image })).toEqual([`isotarget-${pkg.version}.tgz`])
  expect(instruction('RUN')).toContain(`${target}${source}`)
  expect(readFileSync(join(root, '.dockerignore'), 'utf8').trim().split('\n')).toEqual(['*', `!${source}`])
})

it('runs as a user without rights, on a Node.js that the package takes', () => {
  expect(instruction('USER')).toBe('node')
  expect(instruction('WORKDIR')).toBe('/srv')
  expect(Number(/^node:(\d+)-/.exec(instruction('FROM'))?.[1])).toBeGreaterThanOrEqual(20)
  expect(dockerfile.indexOf('\nUSER ')).toBeGreaterThan(dockerfile.indexOf('\nRUN '))
})

it('serves what it exposes, and is healthy while it does', async () => {
  const port = `${await freePort()}`
  const moved = (args: string[]) => args.map((text) => text.replaceAll(instruction('EXPOSE'), port))
  const [entry = '', ...rest] = [...listOf('ENTRYPOINT'), ...listOf('CMD')]
  const env = { PATH: `${join(image, 'bin')}:${process.env.PATH}` }
  const [checker = '', ...check] = moved(listOf('HEALTHCHECK'))
  const health = async () => (await ended(start(checker, check, { env }))).code
  expect(await health()).toBe(1)

  const child = start(entry, [...rest, '--port', port], { cwd: join(image, 'srv'), env })
  onTestFinished(() => void child.kill('SIGKILL'))
  const out: string[] = []
  child.stdout.on('data', (chunk: Buffer) => void out.push(`${chunk}`))
  await vi.waitFor(() => expect(out.join('')).toContain(`http://0.0.0.0:${port}`), { timeout: 30_000 })
  expect(await health()).toBe(0)
  const end = ended(child)
  // What a container engine sends first.
  child.kill('SIGTERM')
  expect((await end).code).toBe(0)
})

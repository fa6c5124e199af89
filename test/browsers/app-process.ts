import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, vi } from 'vitest'
import { endWithUs } from './engines/guarded-process.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

type Environment = Readonly<Record<string, string>>

/** Starts a script of an app's package.json, as npm would, with the Node.js that runs the tests. */
const startScript = (app: string, script: string, env: Environment): ChildProcess => {
  const cwd = join(root, 'demo', app)
  const command = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')).scripts[script]
  const PATH = [dirname(process.execPath), join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter)
  // The tests' own NODE_ENV would make a framework build for development.
  const { NODE_ENV: _, VITEST: __, ...inherited } = process.env
  // The last program takes the place of the shell, so that signals reach it.
  return spawn(command.replace(/^(.*&& )?/, '$1exec '), {
    cwd,
    shell: true,
    env: { ...inherited, NEXT_TELEMETRY_DISABLED: '1', ...env, PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

const outputOf = (child: ChildProcess): { text: string } => {
  const output = { text: '' }
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output.text += chunk
    })
  }
  return output
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Builds an app for production. */
export const buildApp = async (app: string, env: Environment): Promise<void> => {
  const child = startScript(app, 'build', env)
  const output = outputOf(child)
  const release = endWithUs(child.pid)
  const [code] = await once(child, 'exit')
  release()
  if (code !== 0) throw new Error(`demo/${app} cannot be built:\n${output.text}`)
}

/** The production server of an app, which answers. */
export const startApp = async (app: string, env: Environment) => {
  const port = await freePort()
  const child = startScript(app, 'start', { ...env, PORT: `${port}` })
  const output = outputOf(child)
  const release = endWithUs(child.pid)
  const answer = () => fetch(`http://127.0.0.1:${port}/tasting/`).then(({ status }) => status)
  await vi.waitFor(
    async () => {
      if (child.exitCode !== null) return
      expect(await answer()).toBe(200)
    },
    { timeout: 30_000, interval: 50 },
  )
  if (child.exitCode !== null) throw new Error(`demo/${app} cannot be started:\n${output.text}`)
  return {
    port,
    output,
    /** Ends it as a host does. Gives its exit code. */
    stop: async (): Promise<number | null> => {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
      release()
      return child.exitCode
    },
  }
}
export type App = Awaited<ReturnType<typeof startApp>>

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, vi } from 'vitest'
import { runScript } from '../../demo/example.mjs'
import { endWithUs } from './engines/guarded-process.ts'

type Environment = Readonly<Record<string, string>>

const run = (app: string, script: string, env: Environment): ChildProcess => {
  // The tests' own NODE_ENV would make a framework build for development.
  const child = runScript(app, script, {
    env: { NODE_ENV: undefined, VITEST: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (!child) throw new Error(`demo/${app} has no script ${script}`)
  return child
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

/** A port that is free now. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Builds an app for production. */
export const buildApp = async (app: string, env: Environment): Promise<void> => {
  const child = run(app, 'build', env)
  const output = outputOf(child)
  const release = endWithUs(child.pid)
  const [code] = await once(child, 'exit')
  release()
  if (code !== 0) throw new Error(`demo/${app} cannot be built:\n${output.text}`)
}

/** The production server of an app, which answers. */
export const startApp = async (app: string, env: Environment) => {
  const port = await freePort()
  const child = run(app, 'start', { ...env, PORT: `${port}` })
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

import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { startGuarded } from './guarded-process.ts'

const START_TIMEOUT = 10_000
const COMMAND_TIMEOUT = 60_000

export type Send = <Value>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<Value>

export interface WebDriver {
  readonly pid: number | undefined
  readonly send: Send
  stop(): Promise<void>
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

const sender =
  (origin: string): Send =>
  async (method, path, body) => {
    const response = await fetch(origin + path, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      signal: AbortSignal.timeout(COMMAND_TIMEOUT),
    })
    const { value } = (await response.json()) as { value: unknown }
    if (response.ok) return value as never
    const { error, message } = value as { error: string; message: string }
    throw new Error(`WebDriver ${method} ${path}: ${error}${message ? `: ${message}` : ''}`)
  }

const isReady = (send: Send): Promise<boolean> =>
  send('GET', '/status').then(
    () => true,
    () => false,
  )

export const startWebDriver = async (command: string, env: Readonly<Record<string, string>>): Promise<WebDriver> => {
  const port = await freePort()
  const { pid, ended, stop } = startGuarded(command, [`--port=${port}`], env)
  let isOver = false
  void ended.then(() => {
    isOver = true
  })
  const send = sender(`http://127.0.0.1:${port}`)
  const deadline = performance.now() + START_TIMEOUT
  while (!(await isReady(send))) {
    if (isOver || performance.now() > deadline) {
      await stop()
      throw new Error(`${command} ${isOver ? 'ended at once' : `did not answer within ${START_TIMEOUT} ms`}`)
    }
    await sleep(50)
  }
  return { pid, send, stop }
}

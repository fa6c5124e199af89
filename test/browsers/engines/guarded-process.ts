import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'

export interface GuardedProcess {
  readonly pid: number | undefined
  /** Its file descriptor 3. */
  readonly channel: Readable
  /** Fulfils when it is over, also when it could not be started. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/**
 * A shell waits for a line, and for the end of its input when the test worker was killed: no browser outlives the
 * tests. Call what is returned once the process has ended, because its id may then belong to another one.
 */
export const endWithUs = (pid: number | undefined): (() => void) => {
  if (pid === undefined || process.platform === 'win32') return () => {}
  // Detached, because Ctrl-C reaches the whole group and would end the guard first.
  const guard = spawn('sh', ['-c', 'read -r line || kill "$0"', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  return () => void guard.stdin.end('\n')
}

export const startGuarded = (
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): GuardedProcess => {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const release = endWithUs(child.pid)
  const ended = once(child, 'exit').then(release, release)
  return {
    pid: child.pid,
    channel: child.stdio[3] as Readable,
    ended,
    stop: async () => {
      child.kill()
      await ended
    },
  }
}

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, vi } from 'vitest'
import { build } from '../package/project.ts'
import { obfuscated, shopRules } from './shop-rules.ts'

export const program = join(import.meta.dirname, '../../dist/cli.js')

// Processes are started, and the package may have to be built.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

/** What a program left behind. */
export interface Ended {
  code: number | null
  out: string
  err: string
}

interface Around {
  cwd?: string
  /** What it reads from its standard input. @default nothing, and its end */
  input?: string | Uint8Array
  env?: NodeJS.ProcessEnv
}

/** As users have it: no colours that the tests themselves were started with. */
const { FORCE_COLOR: _, NO_COLOR: __, NODE_OPTIONS: ___, ...plainEnv } = process.env

/** Starts a program. */
export const start = (command: string, args: readonly string[], { cwd, env }: Around = {}) =>
  spawn(command, args, { cwd, env: { ...plainEnv, ...env }, stdio: ['pipe', 'pipe', 'pipe'] })

/** Waits for the end of a program, and for all that it writes. */
export const ended = (child: ReturnType<typeof start>): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const parts = { out: '', err: '' }
    for (const [name, stream] of [
      ['out', child.stdout],
      ['err', child.stderr],
    ] as const) {
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => {
        parts[name] += text
      })
    }
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...parts }))
  })

const run = (command: string, args: readonly string[], around: Around): Promise<Ended> => {
  const child = start(command, args, around)
  // A program that wants nothing from us may be gone before it is written to.
  child.stdin.on('error', () => {})
  child.stdin.end(around.input)
  return ended(child)
}

/** What an edge offers in the examples. */
const activities = {
  activities: [{ id: 1, name: 'Summer', experiences: [{ name: 'Only', offers: { hero: '<h1>Sun</h1>' } }] }],
}

/** What a recording holds in the examples. */
const recording = {
  recording: 1,
  kept: [],
  exchanges: [
    {
      request: {
        method: 'POST',
        path: '/rest/v1/delivery',
        query: { client: 'acme', sessionId: 'recorded-session-1' },
        headers: {},
        body: { context: { channel: 'web' }, execute: { mboxes: [{ index: 0, name: 'hero' }] } },
      },
      response: {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: {
          status: 200,
          id: { tntId: 'recorded-device-1.35_0' },
          execute: { mboxes: [{ index: 0, name: 'hero', options: [{ type: 'html', content: '<h1>Sun</h1>' }] }] },
        },
      },
    },
  ],
}

/** A folder with the files that the examples of help name, and the built command on its path. */
export const createShell = () => {
  let folder = ''
  beforeAll(async () => {
    await build()
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'isotarget-cli-')))
    const request = {
      context: { channel: 'web' },
      prefetch: { mboxes: [{ name: 'cart', parameters: { plan: 'gold' } }] },
    }
    writeFileSync(join(folder, 'rules.json'), JSON.stringify(shopRules))
    writeFileSync(join(folder, 'rules-new.json'), JSON.stringify(shopRules))
    writeFileSync(join(folder, 'rules.bin'), obfuscated(shopRules, 'ABC@AdobeOrg'))
    writeFileSync(join(folder, 'request.json'), JSON.stringify(request))
    writeFileSync(join(folder, 'activities.json'), JSON.stringify(activities))
    writeFileSync(join(folder, 'recording.json'), JSON.stringify(recording))
    mkdirSync(join(folder, 'bin'))
    symlinkSync(program, join(folder, 'bin/isotarget'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const around = (more: Around): Around => ({ cwd: folder, ...more })
  return {
    get folder() {
      return folder
    },
    write: (name: string, content: unknown) => {
      const isRaw = typeof content === 'string' || content instanceof Uint8Array
      writeFileSync(join(folder, name), isRaw ? content : JSON.stringify(content))
    },
    /** Runs `isotarget` with these arguments. */
    isotarget: (args: readonly string[], more: Around = {}) => run(process.execPath, [program, ...args], around(more)),
    /** Runs a line as it is typed. */
    type: (line: string, more: Around = {}) => {
      const env = { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, ...more.env }
      return run('sh', ['-c', line], around({ ...more, env }))
    },
  }
}

/** Runs whatever a line says on a terminal of 100 columns: `script` of util-linux makes one. */
export const onTerminal = (line: string): readonly [command: string, args: string[]] => [
  'script',
  ['--quiet', '--return', '--command', `stty cols 100; ${line}`, '/dev/null'],
]

/** The environment in which Target's CDN is a server of ours. */
export const withCdn = (url: string): NodeJS.ProcessEnv => {
  const code = `const real = fetch
    globalThis.fetch = (address, init) => real(String(address).replace('https://assets.adobetarget.com', '${url}'), init)`
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` }
}

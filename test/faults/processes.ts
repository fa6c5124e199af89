import { fork } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { FlushResult } from '../../src/server.ts'
import type { Guest, Reported } from './happenings.ts'
import { enter, type Shop } from './shop.ts'

/** What a process is to do, and with what. */
export interface ProcessSettings {
  role: 'reports' | 'idles' | 'ends' | 'closes' | 'disposes' | 'serves'
  port: number
  /** Where it writes down what happens. */
  journal: string
  guests: (Omit<Guest, 'target'> & { cookie: string })[]
  /** Where notifications are kept; without it in memory. */
  directory?: string
  seed?: number
  /** How long closing may take, in ms. */
  timeout?: number
}

/** How a process ended. */
export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  /** What it said on its standard error. */
  said: string
}

/** A process that hangs is ended after so long, in ms. */
const PATIENCE = 20_000

const program = new URL('shop-process.ts', import.meta.url)
/** The build writes the version into the source. */
const version = ['--import', 'data:text/javascript,globalThis.__VERSION__="0.0.0"']

/** Starts a process of the shop; `started` resolves with its first message or its end. */
export const startProcess = (settings: ProcessSettings) => {
  const child = fork(program, [JSON.stringify(settings)], {
    execArgv: version,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let said = ''
  child.stderr?.on('data', (text) => {
    said += text
  })
  const ended = new Promise<Ended>((resolve) => child.once('close', (code, signal) => resolve({ code, signal, said })))
  const started = Promise.race([new Promise((resolve) => child.once('message', resolve)), ended])
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
  onTestFinished(async () => {
    clearTimeout(timer)
    child.kill('SIGKILL')
    await ended
  })
  return { kill: (signal: NodeJS.Signals) => child.kill(signal), started, ended }
}

interface Line {
  reported?: Reported
  rejected?: string
  dropped?: string
  warning?: string
  result?: FlushResult
}

/** What the processes wrote down; a kill may have cut the last line of each. */
export const readJournal = (path: string) => {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line): Line[] => (line.endsWith('}') ? [JSON.parse(line)] : []))
  return {
    reported: lines.flatMap(({ reported }) => reported ?? []),
    results: lines.flatMap(({ result }) => result ?? []),
    trouble: lines.filter(({ rejected, dropped, warning }) => rejected ?? dropped ?? warning),
  }
}

/** Names of the stored records; other files are names that somebody holds, and notes. */
export const recordsIn = (directory: string): string[] =>
  readdirSync(directory).filter((name) => /%3A1%3A/.test(name) && !name.endsWith('.tmp'))

/** What processes of a shop need: guests who have come, and places to write to. */
export const prepareProcesses = async (shop: Shop, count: number) => {
  const { client } = shop.open()
  const guests = await Promise.all(
    Array.from({ length: count }, async () => {
      const { target, ...guest } = await enter(client)
      const [cookie = ''] = target.setCookies()
      return { ...guest, cookie: cookie.split(';')[0] ?? '' }
    }),
  )
  const journal = join(shop.directory(), 'journal')
  return { guests, journal, port: shop.proxy.port, directory: shop.directory() }
}

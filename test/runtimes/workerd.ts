/** Starts Cloudflare's workerd with modules of a folder. */
import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { build } from 'esbuild'

/** As wrangler tells esbuild. */
const CONDITIONS = ['workerd', 'worker', 'browser']

/** Bundles a file of a folder as wrangler does. Gives the files that went into it, paths from the folder. */
export const bundle = async (folder: string, file: string, outfile: string): Promise<string[]> => {
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: [file],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: CONDITIONS,
    metafile: true,
    logLevel: 'silent',
  })
  return Object.keys(metafile.inputs)
}

/** Names of modules, and the files of the folder that hold them; the first is the worker. */
export type Modules = readonly (readonly [name: string, file: string])[]

interface Settings {
  program: string
  folder: string
  modules: Modules
  compatibilityDate: string
  /** Host and port that every call of the worker goes to. @default wherever its address says */
  outbound?: string
}

interface Answer {
  status: number
  body: string
  cookies: string[]
}

export interface Worker {
  /** Visits www.shop.example. Bodies of requests are empty. */
  visit(path: string, headers?: Record<string, string>): Promise<Answer>
  /** What it wrote to its error output. */
  complaints(): string
  stop(): Promise<void>
}

/** The address as https, the host from the request, and `request.cf` from a header: what Cloudflare's front gives a worker. */
const HTTP = '(style = host, forwardedProtoHeader = "x-forwarded-proto", cfBlobHeader = "x-cf")'

const configOf = ({ modules, compatibilityDate, outbound }: Settings): string => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "shop", worker = .shop),
    (name = "anywhere", network = (allow = ["public", "private"])),
    ${outbound ? `(name = "edge", external = (address = "${outbound}", http = (style = host)))` : ''}
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = ${HTTP}, service = "shop")],
);
const shop :Workerd.Worker = (
  modules = [
${modules.map(([name, file]) => `    (name = "${name}", esModule = embed "${file}"),`).join('\n')}
  ],
  compatibilityDate = "${compatibilityDate}",
  globalOutbound = "${outbound ? 'edge' : 'anywhere'}",
);
`

const portOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    const events = child.stdio[3] as Readable
    events.setEncoding('utf8').on('data', (line: string) => {
      const [, port] = /"event":"listen".*"port":(\d+)/.exec(line) ?? []
      if (port) resolve(Number(port))
    })
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`workerd ended with ${code}`)))
  })

const answered = (port: number, path: string, headers: Record<string, string>): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const front = { host: 'www.shop.example', 'x-forwarded-proto': 'https' }
    request({ host: '127.0.0.1', port, path, headers: { ...front, ...headers } }, resolve)
      .on('error', reject)
      .end()
  })

/** Starts a worker on a free port. */
export const startWorker = async (settings: Settings): Promise<Worker> => {
  const { program, folder } = settings
  const config = `${settings.modules[0]?.[0]}.capnp`
  writeFileSync(join(folder, config), configOf(settings))
  const child = spawn(program, ['serve', '--control-fd=3', config], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  let complaints = ''
  child.stderr?.setEncoding('utf8').on('data', (line: string) => {
    complaints += line
  })
  const port = await portOf(child).catch((error: Error) => {
    throw new Error(`${error.message}: ${complaints}`)
  })
  return {
    async visit(path, headers = {}) {
      const answer = await answered(port, path, headers)
      const { statusCode: status = 0, headers: answers } = answer
      return { status, body: await text(answer), cookies: answers['set-cookie'] ?? [] }
    },
    complaints: () => complaints,
    async stop() {
      child.kill()
      await ended
    },
  }
}

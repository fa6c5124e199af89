/** What a program of a shop finds around it, all of it over real HTTP: an edge, a shaky one, one that is silent, and nobody. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator, type Emulator } from '../../src/emulator.ts'

/** What the program is told, as JSON. */
interface Around {
  serverDomain: string
  /** Address of the artifact. */
  rules: string
  shaky: string
  silent: string
  nowhere: string
  /** Where files may be kept. */
  directory: string
  /** Headers of the visitor's request. */
  headers: Record<string, string>
}

export interface Surroundings {
  edge: Emulator
  shaky: Emulator
  around: Around
  /** Names of the files that were kept. */
  files(): string[]
  close(): Promise<void>
}

const OFFERS = { hero: '<h1>Sun</h1>', teaser: '<p>Sale</p>', basket: '<p>Rain</p>', flags: { columns: 4 } }

const opened = (server: Server): Promise<string> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`))
  })

/** A port that was free a moment ago. */
const closedPort = async (): Promise<string> => {
  const server = createServer()
  const address = await opened(server)
  await new Promise((resolve) => server.close(resolve))
  return address
}

export const openSurroundings = async (): Promise<Surroundings> => {
  const edge = createEmulator({ client: 'acme', organizationId: 'ABC@AdobeOrg', offers: OFFERS })
  const shaky = createEmulator({ offers: OFFERS })
  shaky.fail({ status: 503 })
  shaky.fail({ reset: true })
  const silent = createServer(() => {})
  const [served, servedShaky, silentAddress] = await Promise.all([edge.listen(0), shaky.listen(0), opened(silent)])
  const directory = mkdtempSync(join(tmpdir(), 'isotarget-files-'))
  const expires = Math.floor(Date.now() / 1000) + 1800
  return {
    edge,
    shaky,
    around: {
      serverDomain: `127.0.0.1:${served.port}`,
      rules: `${served.url}/acme/production/v1/rules.json`,
      shaky: `127.0.0.1:${servedShaky.port}`,
      silent: silentAddress,
      nowhere: await closedPort(),
      directory,
      headers: { cookie: `theme=dark; mbox=session#s1#${expires}`, 'user-agent': 'Shopper/1' },
    },
    files: () => readdirSync(directory),
    async close() {
      silent.closeAllConnections()
      silent.close()
      await Promise.all([served.close(), servedShaky.close()])
      rmSync(directory, { recursive: true })
    },
  }
}

// Usage: node shop-process.ts '<JSON of ProcessSettings>'
// A server of the shop in a process of its own. It writes down what it has reported once that is stored, and what it was told.
import { openSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import { setImmediate as task } from 'node:timers/promises'
import { type Client, fileStorage, TargetClient } from '../../src/server.ts'
import { samples } from '../docs/markdown.ts'
import { randomOf } from './fault-plan.ts'
import { type Guest, report } from './happenings.ts'
import type { ProcessSettings } from './processes.ts'

const settings: ProcessSettings = JSON.parse(process.argv[2] ?? '')
const journal = openSync(settings.journal, 'a')
const write = (line: object): void => void writeSync(journal, `${JSON.stringify(line)}\n`)

const open = (): Client =>
  TargetClient.create({
    client: 'acme',
    organizationId: 'ABC@AdobeOrg',
    serverDomain: `127.0.0.1:${settings.port}`,
    secure: false,
    telemetryEnabled: false,
    timeout: 600,
    notificationDelay: 20,
    ...(settings.directory && { notificationStorage: fileStorage(settings.directory) }),
    events: {
      notificationRejected: ({ notification }) => write({ rejected: notification.id }),
      notificationDropped: ({ notification }) => write({ dropped: notification.id }),
      warning: ({ message }) => write({ warning: message }),
    },
  })

const guestsOf = (client: Client): Guest[] =>
  settings.guests.map(({ cookie, ...guest }) => ({ ...guest, target: client.visitor(cookie) }))

const reportAll = (client: Client, count: number): void => {
  for (const guest of guestsOf(client)) for (const reported of report(guest, count)) write({ reported })
}

/** What the page about servers says about SIGTERM, word for word. */
const listenForSigterm = (target: Client, server: { close(): void }): void => {
  const sample = samples.find(({ name }) => name === 'shut-down')
  new Function('target', 'server', `${sample?.code}`)(target, server)
}

const ROLES: Record<ProcessSettings['role'], () => Promise<void>> = {
  /** Reports until it is killed. */
  async reports() {
    const guests = guestsOf(open())
    const random = randomOf(settings.seed ?? 1)
    for (;;) {
      const guest = guests[Math.floor(random() * guests.length)]
      const reported = guest ? report(guest, 1 + Math.floor(random() * 5)) : []
      // What was reported is stored when its task has ended.
      await task()
      for (const one of reported) write({ reported: one })
      process.send?.('reported')
      await new Promise((go) => setTimeout(go, random() * 10))
    }
  },
  /** Has a client, and nothing to do. */
  async idles() {
    open()
  },
  /** Reports, and comes to its end. */
  async ends() {
    reportAll(open(), 5)
  },
  async closes() {
    const client = open()
    reportAll(client, 120)
    write({ result: await client.close(settings.timeout === undefined ? {} : { timeout: settings.timeout }) })
  },
  async disposes() {
    await using client = open()
    reportAll(client, 120)
  },
  /** Serves until it is told to stop. */
  async serves() {
    const client = open()
    const server = createServer((_, response) => response.end('Hello'))
    server.listen(0, '127.0.0.1', () => {
      listenForSigterm(client, server)
      reportAll(client, 120)
      process.send?.('serving')
      // The channel would keep it alive.
      process.channel?.unref()
    })
  },
}

await ROLES[settings.role]()

import type { Listening, ListenOptions } from '../emulator/listen.ts'
import { failed, misused, reasonOf } from './failure.ts'
import { type Given, titled, wholeNumber } from './flags.ts'
import type { Terminal } from './terminal.ts'

/** Where a server of ours is. */
export const listenFlags = titled('Where it listens', {
  port: { value: 'number', short: 'p', text: 'Port; 0 takes a free one; default: 8080' },
  host: { value: 'name', text: 'Host; 0.0.0.0 lets other machines in; default: 127.0.0.1' },
})

/** The port that is asked for. Throws a failure of usage. */
export const portOf = ({ port = '8080' }: Given<typeof listenFlags>): number => {
  const number = wholeNumber(port, 65_535)
  if (number === undefined) throw misused(`--port must be a number from 0 to 65535, but is ${port}`)
  return number
}

/** What listens: an edge, a recorder, a replay. */
interface Server {
  listen(port?: number, options?: ListenOptions): Promise<Listening>
}

/** Until somebody ends it. */
const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })

/** How it is asked to listen. */
interface Asked {
  given: Given<typeof listenFlags> & { json: boolean }
  /** That of `given`, which was read before anything was begun. */
  port: number
  terminal: Terminal
  /** Answers what is none of the server's business. */
  also?: ListenOptions['also']
  /** The first words for people; programs get `{ url, port }`. */
  opening(url: string): string
}

/** Listens, says where, and gives what waits until somebody ends it, and then closes. Throws a failure for a port that cannot be had. */
export const opened = async (server: Server, { given, port: wanted, terminal, also, opening }: Asked) => {
  const { host: hostname = '127.0.0.1' } = given
  const ended = interrupted()
  const listening = await server.listen(wanted, { hostname, ...(also && { also }) }).catch((error) => {
    throw failed(reasonOf(error).replace(/listen\((port)\)/, '--port'), error)
  })
  const { url, port, close } = listening
  terminal.out(given.json ? JSON.stringify({ url, port }) : opening(url))
  return {
    url,
    async closed(): Promise<void> {
      await ended
      await close()
    },
  }
}

import { download } from '../decisioning/download.ts'
import { isTargetError } from '../delivery/error.ts'
import { failed, inner, reasonOf } from './failure.ts'
import { bytes } from './layout.ts'
import type { Terminal } from './terminal.ts'

/** A person begins to wonder after this, in ms. */
const QUIET = 400
/** Between two looks at how far it is, in ms. */
const PACE = 100
/** More than any artifact: to look at one that clients refuse must be possible. */
const LARGEST = 2 ** 30

/** Says how far a download is, once it takes long. */
const watch = ({ progress, width }: Terminal, place: string) => {
  const since = Date.now()
  let isShown = false
  let size = 0
  let length = 0
  const timer = setInterval(() => {
    if (Date.now() - since < QUIET) return
    const far = length ? `${bytes(size)} of ${bytes(length)}` : bytes(size)
    isShown = true
    progress(`Downloading ${place}: ${far}`.slice(0, width - 1))
  }, PACE)
  return {
    /** The answer as it is, its bytes counted on their way. */
    counted(response: Response): Response {
      // A body that is unpacked on its way is longer than is said.
      length = response.headers.has('content-encoding') ? 0 : Number(response.headers.get('content-length'))
      const counter = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          size += chunk.length
          controller.enqueue(chunk)
        },
      })
      const { status, statusText, headers } = response
      return new Response(response.body?.pipeThrough(counter), { status, statusText, headers })
    },
    end() {
      clearInterval(timer)
      if (isShown) progress('')
    },
  }
}

/** What the network says, in words that say what to do. */
const NETWORK_TROUBLE: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such host: look at the address, and at the network',
  EAI_AGAIN: 'its host is not found now: look at the network, and try again',
  ECONNREFUSED: 'nobody listens there: look at the address',
  ECONNRESET: 'the connection broke: try again',
  UND_ERR_SOCKET: 'the connection broke: try again',
}

/** Why nothing came, by the innermost error that has a code. */
const troubleOf = (error: unknown): string => {
  if (!isTargetError(error)) return reasonOf(error)
  if (error.code === 'TIMEOUT') return `${inner(error.message)}: give it longer with --timeout`
  if (error.code !== 'NETWORK_ERROR') return inner(error.message)
  for (let at: unknown = error.cause; at instanceof Error; at = at.cause) {
    const words = NETWORK_TROUBLE[(at as NodeJS.ErrnoException).code ?? '']
    if (words) return words
  }
  return reasonOf(error.cause)
}

/** Downloads once. Throws a failure that says what came instead. */
export const fetchInput = async (
  place: string,
  { terminal, timeout }: { terminal: Terminal; timeout: number },
): Promise<Uint8Array> => {
  const watched = watch(terminal, place)
  try {
    const downloaded = await download(
      {
        location: place,
        fetchApi: async (address, init) => watched.counted(await fetch(address, init)),
        timeout,
        maximumBytes: LARGEST,
        signal: new AbortController().signal,
      },
      undefined,
    )
    return downloaded?.bytes ?? new Uint8Array()
  } catch (error) {
    throw failed(`${place} cannot be had: ${troubleOf(error)}`, error)
  } finally {
    watched.end()
  }
}

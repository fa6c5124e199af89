import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

// The few words of the X protocol that a window manager would say. Where there is none, nobody minimizes a window, or
// takes it from a program that hangs.

const GET_ATTRIBUTES = 3
const DESTROY = 4
const MAP = 8
const UNMAP = 10
const GET_GEOMETRY = 14
const QUERY_TREE = 15

const VIEWABLE = 2
/** Programs keep tiny windows for purposes of their own. */
const LEAST_WIDTH = 100

export interface XServer {
  /** The windows that a person sees. */
  windows(): Promise<number[]>
  hide(window: number): Promise<void>
  show(window: number): Promise<void>
  /** Takes the window away without asking its program. */
  destroy(window: number): Promise<void>
  disconnect(): void
}

/** A message of the server, after which others may come. */
const createReader = (socket: Socket) => {
  let rest = Buffer.alloc(0)
  return async (size: (start: Buffer) => number): Promise<Buffer> => {
    while (rest.length < 8 || rest.length < size(rest)) {
      const [chunk] = (await once(socket, 'data')) as [Buffer]
      rest = Buffer.concat([rest, chunk])
    }
    const message = rest.subarray(0, size(rest))
    rest = rest.subarray(message.length)
    return message
  }
}

type Read = ReturnType<typeof createReader>

/** Says hello and gives the id of the window that holds all others. */
const greet = async (socket: Socket, read: Read): Promise<number> => {
  socket.write(Buffer.from('l\0\x0b\0\0\0\0\0\0\0\0\0', 'latin1'))
  const setup = await read((start) => 8 + start.readUInt16LE(6) * 4)
  if (setup[0] !== 1) throw new Error('the X server refuses the connection')
  const vendor = Math.ceil(setup.readUInt16LE(24) / 4) * 4
  const formats = setup.readUInt8(29) * 8
  return setup.readUInt32LE(40 + vendor + formats)
}

const isReply = (message: Buffer): boolean => message[0] === 1
const isError = (message: Buffer): boolean => message[0] === 0

const requestOf = (code: number, window: number): Buffer => {
  const request = Buffer.from([code, 0, 2, 0, 0, 0, 0, 0])
  request.writeUInt32LE(window, 4)
  return request
}

export const connectToXServer = async (display: string): Promise<XServer> => {
  const socket = connect(`/tmp/.X11-unix/X${display.replace(/^:/, '')}`)
  await once(socket, 'connect')
  const read = createReader(socket)
  const root = await greet(socket, read)
  let last: Promise<unknown> = Promise.resolve()
  /** One question at a time; undefined when the window is gone meanwhile. */
  const ask = (code: number, window: number): Promise<Buffer | undefined> => {
    const turn = last.then(async () => {
      socket.write(requestOf(code, window))
      for (;;) {
        const message = await read((start) => 32 + (isReply(start) ? start.readUInt32LE(4) * 4 : 0))
        if (isReply(message)) return message
        if (isError(message)) return undefined
      }
    })
    last = turn.catch(() => {})
    return turn
  }
  /** These are not answered, but the question after them is. */
  const tell = async (code: number, window: number): Promise<void> => {
    socket.write(requestOf(code, window))
    await ask(GET_GEOMETRY, root)
  }
  const isSeen = async (window: number): Promise<boolean> => {
    const attributes = await ask(GET_ATTRIBUTES, window)
    const geometry = await ask(GET_GEOMETRY, window)
    return attributes?.[26] === VIEWABLE && (geometry?.readUInt16LE(16) ?? 0) >= LEAST_WIDTH
  }
  return {
    windows: async () => {
      const tree = await ask(QUERY_TREE, root)
      const all = Array.from({ length: tree?.readUInt16LE(16) ?? 0 }, (_, index) => tree!.readUInt32LE(32 + index * 4))
      const seen = await Promise.all(all.map(isSeen))
      return all.filter((_, index) => seen[index])
    },
    hide: (window) => tell(UNMAP, window),
    show: (window) => tell(MAP, window),
    destroy: (window) => tell(DESTROY, window),
    disconnect: () => void socket.destroy(),
  }
}

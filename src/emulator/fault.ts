/** How the next requests go wrong. With only a `delay`, or only `headers`, they are answered, but so. */
export interface Fault {
  /** Status of the reply. @default 200 with a `body`, else what the edge answers */
  status?: number
  /** Body of the reply; an object is sent as JSON. @default none */
  body?: string | object
  /** Headers of the reply, such as `{ 'retry-after': '2' }`. */
  headers?: Record<string, string>
  /** The connection breaks: `fetch` rejects with a `TypeError`, over HTTP the socket is destroyed. @default false */
  reset?: boolean
  /** The reply comes so much later, in ms. @default 0 */
  delay?: number
  /** How many requests it hits; `Infinity` for all until it is lifted. @default 1 */
  times?: number
  /** Which part of the requests it hits, by chance: 0.1 is one of ten. Others pass it by. @default 1 */
  share?: number
  /** The request is processed and counted first, and only its reply is lost. @default false */
  after?: boolean
}

export interface Faults {
  /** Plans a fault behind those that wait; the function that it returns lifts it. */
  plan(fault: Fault): () => void
  /** The fault of the request that has arrived. */
  next(): Fault | undefined
  clear(): void
}

/** Faults in the order in which they were planned. `chance` draws numbers from 0 to below 1. */
export const createFaults = (chance: () => number): Faults => {
  let waiting: { fault: Fault; left: number }[] = []
  return {
    plan(fault) {
      const planned = { fault, left: fault.times ?? 1 }
      waiting.push(planned)
      return () => {
        waiting = waiting.filter((one) => one !== planned)
      }
    },
    next() {
      const first = waiting.find(({ fault: { share = 1 }, left }) => left > 0 && (share >= 1 || chance() < share))
      waiting = waiting.filter((one) => (one === first ? --one.left > 0 : one.left > 0))
      return first?.fault
    },
    clear() {
      waiting = []
    },
  }
}

/** True when the edge's own reply is replaced. */
export const replaces = ({ status, body, reset }: Fault): boolean => Boolean(status || body !== undefined || reset)

import { invalid } from '../delivery/error.ts'

/** One call and its answer, without what is secret. Texts that begin with `recorded-` stand for what was taken out. */
export interface RecordedExchange {
  request: {
    method: string
    /** Path of the address, such as `/rest/v1/delivery`. */
    path: string
    query: Record<string, string>
    headers: Record<string, string>
    body?: unknown
  }
  response: {
    status: number
    headers: Record<string, string>
    /** JSON where it was JSON, else text. Nothing for an answer without a body. */
    body?: unknown
  }
}

/** What `isotarget record` writes. */
export interface Recording {
  /** Version of the form. */
  recording: 1
  /** Names of parameters, profile parameters and keys of page addresses whose values are in the clear, and are compared. */
  kept: string[]
  exchanges: RecordedExchange[]
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const problemOf = (value: unknown): [path: string, text: string] | undefined => {
  const { recording, kept, exchanges } = Object(value) as Record<string, unknown>
  if (recording !== 1) return ['recording', 'must be 1: this is no recording of this version']
  if (!Array.isArray(kept) || kept.some((name) => typeof name !== 'string')) return ['kept', 'must be a list of names']
  if (!Array.isArray(exchanges)) return ['exchanges', 'must be a list']
  const at = exchanges.findIndex((exchange) => {
    const { request, response } = Object(exchange) as Record<string, unknown>
    const { method, path, query, headers } = Object(request) as Record<string, unknown>
    const isAsked = typeof method === 'string' && typeof path === 'string' && isObject(query) && isObject(headers)
    return !(isAsked && isObject(response) && typeof response.status === 'number' && isObject(response.headers))
  })
  return at < 0 ? undefined : [`exchanges.${at}`, 'must have a request and a response']
}

/** Reads a recording. Throws a {@link TargetError} `INVALID_ARGUMENT` with the path of what is wrong in it. */
export const readRecording = (value: unknown): Recording => {
  const [path, text] = problemOf(value) ?? []
  if (path) throw invalid(`recording: ${path} ${text}; record anew with isotarget record`, { path })
  return value as Recording
}

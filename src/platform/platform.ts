import { random } from 'nanoid'
import type { Address, Context, Geo } from '../delivery/context.ts'
import type { DeliveryRequest, ParseRequest } from '../delivery/request.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import type { ServerState } from '../delivery/server-state.ts'
import type { Cookie } from '../delivery/session.ts'

/** A body on its way. */
export interface Post {
  body: string
  headers: Record<string, string>
  signal?: AbortSignal
  /** The page may go away before the answer comes. */
  keepalive?: boolean
}

/** What came back, read whole: a connection that breaks in the middle of a body is a failed attempt, not an answer. */
export interface Reply {
  status: number
  text: string
  headers: { get(name: string): string | null }
}

/** How often a failed attempt is repeated. */
export interface Patience {
  /** Attempts after the first. */
  retries: number
  signal: AbortSignal
  /** Answers that another attempt may better. */
  statuses: readonly number[]
}

/** The parts of a host name; the subdomain without `www`. */
export interface HostParts {
  subdomain: string
  /** The registrable domain; the host where there is none. */
  domain: string
  topLevelDomain: string
}

/** What a runtime lends to the client. A second runtime is a second maker of this. */
export interface Platform {
  fetch(url: string, post: Post): Promise<Reply>
  /** Epoch ms. */
  now(): number
  /** Headers of every call. */
  headers(): Record<string, string>
  /** Repeats an attempt until it succeeds or patience ends. @default the client's own way */
  retry?(attempt: () => Promise<Reply>, patience: Patience): Promise<Reply>
  /** Checks a request by the schemas, where their bytes do not matter. @default by the table that is written from them */
  parseRequest?: ParseRequest
  /** Hands a body to the browser to be sent after the page; false when it is not taken. */
  beacon?(url: string, body: string): boolean
  /** Where the visitor's cookies live. Without it the caller carries them. */
  cookies?: CookieJar
  /** What the runtime knows of the page and the device. */
  context?(): Context
  /** The address alone, where the rest of the context is dear. */
  address?(): Address
  /** The query of the page's address, in which a QA link speaks. */
  search?(): string
  /** The parts of a host by a list of public suffixes; only where there is one. */
  domainOf?(host: string): HostParts
  /** The same platform for one visitor of a server. */
  visit?(request: unknown, details?: VisitDetails): Platform
  /** Keeps what a visitor of a server is answered, for the page. */
  handOver?: HandOver
  /** Whether this visitor agreed. @default as the client says of all */
  consent?: Consent | undefined
  /** The visitor's user agent says that it is no person's. @default false */
  isBot?: boolean
  /** Tells of the page's life; returns the way to stop. */
  onLife?(listener: (moment: Moment) => void): () => void
  /** False while the device knows that it has no network. @default true */
  isOnline?(): boolean
  /** Runs work when nothing else is to be done. @default at once */
  idle?(work: () => void): void
  /** The logger as this client calls it, for one that wants its lines otherwise. @default as it is */
  logger?(given: Logger): Logger
  /** Where notifications outlive the page or the process; undefined when that is denied. Looked for on first use. */
  storage?(): NotificationStorage | undefined
}

/**
 * A moment in the life of a page: it is `leaving` unless somebody stops it, it is `hidden` and may live on, it `ends` or is frozen,
 * it `returns` as it was, it is `online` again.
 */
export type Moment = 'leaving' | 'hidden' | 'ends' | 'returns' | 'online'

/** `Value`, at once or later. */
type Later<Value> = Value | Promise<Value>

/**
 * Where notifications are kept until Target has acknowledged them: texts by key. Members may be synchronous, as with
 * `localStorage` and files, or asynchronous, as with Redis. What throws or rejects counts as not stored, and is told by a
 * `warning`. Keys consist of letters, digits, `:`, `-`, `_`, `.`, `~` and `%`.
 */
export interface NotificationStorage {
  /** The text of a key, or null. */
  getItem(key: string): Later<string | null | undefined>
  /** Keeps a text. */
  setItem(key: string, text: string): unknown
  /** Removes a text. */
  removeItem(key: string): unknown
  /** All keys that begin with `prefix`; others are passed over. */
  getKeys(prefix: string): Later<readonly string[]>
  /**
   * Takes a name until the returned function is called or the holder dies; undefined when somebody else holds it. @default a time
   * stamp in the storage, renewed while the holder lives
   */
  hold?(name: string): Later<(() => void) | undefined>
}

/** One answer, and what it answers. */
export interface Answered extends Required<Pick<ServerState, 'meta'>> {
  request: DeliveryRequest
  response: DeliveryResponse
}

/** From the server to the page. */
export interface HandOver {
  note(answered: Answered): void
  /** All of it as JSON that may stand in a script element. */
  text(): string
}

/**
 * Where lines go, such as `console`, a pino or a winston logger. Any of the methods may be missing: what is for `info` and `warn` then
 * goes to `debug`. They are called as methods, so that loggers that need their `this` work.
 */
export interface Logger {
  /** Calls and answers. */
  debug?(...parts: unknown[]): void
  /** What happens once or seldom, such as a new artifact. */
  info?(...parts: unknown[]): void
  /** What has failed and is mended or tried again, and what was passed over. */
  warn?(...parts: unknown[]): void
  /** What is lost, and listeners that threw. */
  error?(...parts: unknown[]): void
}

/** A method that a line is for. */
export type Level = 'debug' | 'info' | 'warn' | 'error'

/** Cookies by name. */
export interface CookieJar {
  get(name: string): string | undefined
  set(cookie: Cookie): void
  /** The browser did not keep what was set: it is remembered as long as the page lives. */
  isRefused?: boolean | undefined
  /** What changed, as values of `Set-Cookie` headers (RFC 6265 section 4.1); only where a server hands it on. */
  headers?(attributes?: CookieAttributes): string[]
}

/** How cookies are written. */
export interface CookieAttributes {
  /** @default the registrable domain of the request's host */
  domain?: string
  /** @default '/' */
  path?: string
  /** @default true for https, and always with `sameSite: 'None'`, which browsers refuse without it */
  secure?: boolean
  /** @default 'Lax' */
  sameSite?: 'Lax' | 'Strict' | 'None'
}

/** Whether a visitor agreed to be stored and reported: `pending` is not asked or not answered yet. */
export type Consent = 'in' | 'pending' | 'out'

/** A host that stands before a server, and says in headers where a visitor is. */
export type GeoSource = 'akamai' | 'app-engine' | 'cloudflare' | 'cloudfront' | 'fly' | 'netlify' | 'vercel'

/** What a server knows of a visitor beyond the request's headers. */
export interface VisitDetails {
  /** The visitor's address, for geo targeting; behind a proxy only you know which header to trust. @default what `geoFrom` says */
  ipAddress?: string
  /** Where the visitor is, if you know; each member wins over what `geoFrom` says. */
  geo?: Geo
  /** Whether this visitor agreed. @default `defaultConsent` of the client */
  consent?: Consent
  /** Address of the page, when the request's own is not what the visitor sees. */
  url?: string
}

/** Makes ids of 32 hex digits, 128 random bits, for requests, sessions, notifications and impressions. */
export const createId = (): string => {
  let id = ''
  for (const byte of random(32)) id += '0123456789abcdef'[byte & 15]
  return id
}

/** One attempt by any `fetch`. The function is looked up at each call, so that one replaced later is used. */
export const fetchWith =
  (fetchApi: typeof fetch | undefined, init?: RequestInit) =>
  async (url: string, post: Post): Promise<Reply> => {
    const response = await (fetchApi ?? fetch)(url, { method: 'POST', ...init, ...post })
    const { status, headers } = response
    return { status, headers, text: response.text ? await response.text() : JSON.stringify(await response.json()) }
  }

/** Minutes east of UTC at this moment. */
export const timeOffset = (): number => -new Date().getTimezoneOffset() || 0

/** The value of a cookie in a text of `name=value` pairs, as `document.cookie` gives it. */
export const cookieIn = (text: string, name: string): string | undefined =>
  text
    .split('; ')
    .find((item) => item.startsWith(`${name}=`))
    ?.slice(name.length + 1)

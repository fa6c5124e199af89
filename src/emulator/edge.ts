import type { Geo } from '../delivery/context.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import { createIds } from './hash.ts'
import type { Book } from './ledger.ts'
import type { Settings } from './options.ts'
import type { Published } from './published.ts'
import type { Qa } from './qa.ts'
import { createTokens, type Tokens } from './tokens.ts'
import { createVisitors, type Visitor, type Visitors } from './visitors.ts'

/** What an emulated edge knows while it runs; a reset makes a new one. */
export interface Edge {
  settings: Settings
  book: Book
  visitors: Visitors
  tokens: Tokens
  published: Published
  createId: () => string
}

/** One call on its way through. */
export interface Call {
  edge: Edge
  request: DeliveryRequest
  visitor: Visitor
  sessionId: string
  requestId: string
  /** Number of the cluster that answers. */
  cluster: string
  client: string
  /** Name of the environment that it belongs to. */
  environment: string
  /** Where the visitor is. */
  geo: Geo | undefined
  /** Given or made up: what counts once for it does not count again. */
  impressionId: string
  /** Undefined for live traffic. */
  qa: Qa | undefined
}

/** An edge that has seen nobody yet. */
export const createEdge = (settings: Settings, book: Book, published: Published): Edge => {
  const { seed, now, maxVisitors } = settings
  const createId = createIds(seed)
  const tokens = createTokens(seed ?? createId())
  return { settings, book, visitors: createVisitors({ createId, now, most: maxVisitors }), tokens, published, createId }
}

/** What a program of the shop has to say, and what has to arrive, in whichever runtime. */
import { expect } from 'vitest'
import pkg from '../../package.json' with { type: 'json' }
import type { Surroundings } from './surroundings.ts'

/** What a program says. */
export interface Told {
  /** The file that plain `isotarget` is, where the runtime itself looks it up. */
  resolved?: string
  first: { cookies: string[] }
  /** What became of a notification that was to be kept in a file; a code where there are none. */
  files: unknown
  [what: string]: unknown
}

/** Word for word, but for what differs: `resolved` and `files`. */
export const SAID = {
  first: {
    executed: ['<h1>Sun</h1>'],
    prefetched: ['<p>Sale</p>', '<p>Rain</p>'],
    flushed: { sent: 1, rejected: 0, pending: 0 },
    acknowledged: ['by-hand'],
    cookies: [
      expect.stringMatching(
        /^mbox=session#s1#\d+\|PC#[\da-f]{32}\.35_0#\d+; Max-Age=63244800; Path=\/; Domain=shop\.example; SameSite=Lax; Secure$/,
      ),
      'mboxEdgeCluster=35; Max-Age=1860; Path=/; Domain=shop.example; SameSite=Lax; Secure',
    ],
  },
  second: { columns: 4, cookies: ['mbox', 'mboxEdgeCluster'] },
  closed: { sent: 0, rejected: 0, pending: 0 },
  device: {
    method: 'on-device',
    content: ['<h1>Sun</h1>', 'default'],
    remote: ['elsewhere'],
    columns: 4,
    closed: { sent: 2, rejected: 0, pending: 0 },
  },
  troubles: {
    option: 'INVALID_ARGUMENT',
    nobody: 'NETWORK_ERROR',
    late: 'TIMEOUT',
    aborted: 'ABORTED',
    refused: 'HTTP_ERROR',
    closed: 'CLOSED',
    repeated: 'none',
  },
  disposes: 'function',
}

interface Body {
  execute?: { mboxes: { name: string }[] }
  prefetch?: { mboxes: { name: string }[] }
  notifications?: { type: string; mbox: { name: string } }[]
}

const callsAt = ({ edge }: Surroundings) =>
  edge.requests.map(({ method, url, status, body, warnings }) => {
    const { execute, prefetch, notifications = [] } = (body ?? {}) as Body
    const mboxes = [...(execute?.mboxes ?? []), ...(prefetch?.mboxes ?? [])].map(({ name }) => name)
    const shown = notifications.map(({ type, mbox }) => `${type} ${mbox.name}`)
    const { pathname, searchParams } = new URL(url)
    return {
      call: `${method} ${pathname} ${status}`,
      isFirstSession: searchParams.get('sessionId') === 's1',
      about: [...mboxes, ...shown],
      warnings,
    }
  })

/** Compares what arrived with what a program did. */
export const expectArrived = (surroundings: Surroundings, { first }: Told): void => {
  const { edge, shaky } = surroundings
  const ask = { call: 'POST /rest/v1/delivery 200', isFirstSession: true, warnings: [] }
  const rules = { call: 'GET /acme/production/v1/rules.json 200', isFirstSession: false, about: [], warnings: [] }
  expect(callsAt(surroundings)).toEqual([
    { ...ask, about: ['hero', 'teaser', 'basket'] },
    { ...ask, about: ['display teaser'] },
    { ...ask, about: ['display basket'] },
    { ...ask, about: ['flags'] },
    rules,
    { ...ask, isFirstSession: false, about: ['display hero', 'display flags'] },
    rules,
    { ...ask, call: 'POST /rest/v1/delivery 400', isFirstSession: false, about: ['hero'] },
  ])
  // Both visits are of one visitor, and what the device decided is of another.
  expect(edge.ledger.activities()[0]?.experiences[0]).toMatchObject({ visitors: 2, visits: 2, impressions: 6 })
  const [asked, , , askedAgain] = edge.requests
  expect(asked?.headers).toMatchObject({ 'x-exc-sdk': 'isotarget', 'x-exc-sdk-version': pkg.version })
  expect(asked?.body).toMatchObject({
    context: {
      channel: 'web',
      userAgent: 'Shopper/1',
      address: { url: 'https://www.shop.example/?from=mail' },
      geo: { ipAddress: '203.0.113.7' },
    },
  })
  const [, tntId] = /PC#([^#]+)#/.exec(first.cookies[0] ?? '') ?? []
  expect(askedAgain?.body).toMatchObject({ id: { tntId } })
  // Two attempts that failed, and the one that went well: the same request each time.
  expect(shaky.requests.map(({ status }) => status)).toEqual([503, undefined, 200])
  expect(new Set(shaky.requests.map(({ text }) => text)).size).toBe(1)
}

import { readFileSync } from 'node:fs'
import type { Feed } from './edge-feed.ts'

/** Where the page and what belongs to it are; the edge itself uses none of these addresses. */
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['edge-page.html', 'text/html; charset=utf-8'],
  '/isotarget/edge.css': ['edge-page.css', 'text/css; charset=utf-8'],
  '/isotarget/edge.js': ['edge-page.js', 'text/javascript; charset=utf-8'],
}

/** Nothing inline, nothing from elsewhere, in no frame: bodies of calls are shown here. */
const POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"

const fileOf = (file: string, type: string): Response =>
  new Response(readFileSync(new URL(file, import.meta.url)), {
    headers: { 'content-type': type, 'content-security-policy': POLICY, 'cache-control': 'no-cache' },
  })

/** What a page can make happen. */
interface Actions {
  feed: Feed
  /** Forgets all visitors and counts. */
  reset(): void
}

/** Another site must not be able to press our buttons. */
const isOwn = ({ headers }: Request): boolean => (headers.get('sec-fetch-site') ?? 'same-origin') === 'same-origin'

/** Answers what is about the page; undefined leaves a request to the edge. */
export const pageRoutes =
  ({ feed, reset }: Actions) =>
  (request: Request): Response | undefined => {
    const { pathname } = new URL(request.url)
    const found = FILES[pathname]
    if (found && request.method === 'GET') return fileOf(...found)
    if (pathname === '/isotarget/events' && request.method === 'GET') return feed.open()
    if (pathname !== '/isotarget/reset' || request.method !== 'POST') return undefined
    if (!isOwn(request)) return new Response(null, { status: 403 })
    reset()
    return new Response(null, { status: 204 })
  }

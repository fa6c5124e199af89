import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const script = new URL('../../dist/isotarget.global.js', import.meta.url)

/** A page by its path: what stands in its head and its body. */
export interface PageSource {
  headers?: Record<string, string>
  head?: string
  body?: string
}

/**
 * Serves pages that are written while the test runs, and the script; `?delay=` makes the script late, in ms. `routes` by path, and by a
 * function for the other paths.
 */
export const openPageSite = async (
  routes: Record<string, RequestListener> = {},
  routeOf: (path: string) => RequestListener | undefined = () => undefined,
) => {
  const pages = new Map<string, PageSource>()
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://site')
    const route = routes[pathname] ?? routeOf(pathname)
    if (route) return route(request, response)
    const { head = '', body = '', headers = {} } = pages.get(pathname) ?? {}
    const isScript = pathname === '/isotarget.global.js'
    await sleep(Number(searchParams.get('delay') ?? 0))
    if (!isScript && !pages.has(pathname)) return response.writeHead(404).end()
    const html = `<!doctype html><title>${pathname}</title><link rel="icon" href="data:,">${head}<body>${body}</body>`
    response
      .writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html', ...headers })
      .end(isScript ? await readFile(script) : html)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pages,
    close(): void {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** A script element with data attributes. */
export const scriptTag = (attributes: Record<string, unknown>, query = '', how = ''): string => {
  const data = Object.entries(attributes).map(([name, value]) => `data-${name}='${value}'`)
  return `<script ${how} src="/isotarget.global.js${query}" ${data.join(' ')}></script>`
}

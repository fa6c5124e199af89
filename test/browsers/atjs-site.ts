import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AdobeTarget, GlobalSettings } from '../../src/atjs.ts'

const script = new URL('../../dist/isotarget.atjs.global.js', import.meta.url)

/** An event of at.js, as the page heard it. */
export interface Heard {
  type: string
  detail: Record<string, unknown> & { tracking: { sessionId?: string; deviceId?: string } }
}

/** What stands in the globals of these pages. */
export interface AtjsHere {
  adobe: { target: AdobeTarget }
  isotarget: (command: string, ...args: unknown[]) => Promise<unknown>
  heard: Heard[]
  warnings: string[]
  /** Errors that nobody caught. */
  uncaught: string[]
}

/** A page by what its author wrote. */
export interface AtjsSource {
  settings?: GlobalSettings | undefined
  /** In the head before the script of the library. */
  head?: string
  body?: string
  /** @default '<!doctype html>' */
  doctype?: string
  /** In place of the one script. */
  scripts?: string
}

export const SCRIPT = '<script src="/at.js"></script>'

const recorder = `<script>
heard = []; warnings = []; uncaught = []
for (const name of ['library-loaded', 'request-start', 'request-succeeded', 'request-failed', 'content-rendering-start',
  'content-rendering-succeeded', 'content-rendering-failed', 'content-rendering-no-offers', 'content-rendering-redirect'])
  document.addEventListener('at-' + name, ({ type, detail }) => heard.push(JSON.parse(JSON.stringify({ type, detail }))))
const warned = console.warn
console.warn = (...parts) => { warnings.push(parts.join(' ')); warned.apply(console, parts) }
addEventListener('unhandledrejection', ({ reason }) => uncaught.push(String(reason)))
addEventListener('error', ({ message }) => uncaught.push(message))
</script>`

const pageOf = ({ settings, head = '', body = '', doctype = '<!doctype html>', scripts = SCRIPT }: AtjsSource) =>
  `${doctype}<html><head><meta charset="utf-8"><link rel="icon" href="data:,">${recorder}
<script>${settings ? `targetGlobalSettings = ${JSON.stringify(settings)}` : ''}</script>${head}${scripts}</head><body>${body}</body></html>`

/** Serves pages that are written while the test runs, and the edition of the script for them. */
export const openAtjsSite = async () => {
  const pages = new Map<string, AtjsSource>()
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://site')
    const page = pages.get(pathname)
    const isScript = pathname === '/at.js'
    if (!isScript && !page) return response.writeHead(pathname === '/elsewhere' ? 200 : 404).end()
    response
      .writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' })
      .end(isScript ? await readFile(script) : pageOf(page ?? {}))
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

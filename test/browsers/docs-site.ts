import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

/** Keeps what a page complains of; nothing else of the browser tells. */
const WATCH = `<script>
  globalThis.complaints = []
  addEventListener('error', (event) => complaints.push(event.message ?? event.target.src), true)
  addEventListener('unhandledrejection', (event) => complaints.push(String(event.reason)))
  for (const name of ['error', 'warn']) console[name] = (...parts) => complaints.push(parts.join(' '))
</script>`

/** A page that shows another one as a phone of this width does. */
const framed = (address: string) =>
  `<!doctype html><meta charset="utf-8"><title>A phone</title><style>body { margin: 0 }</style>
  <iframe src="${address}" style="width: 390px; height: 700px; border: 0"></iframe>`

/** Serves a built site as any host of static files does, whatever its name; tells who was asked for what. */
export const openDocsSite = async (folder: string) => {
  /** Hosts and paths, in the order of their calls. */
  const asked: { host: string; path: string }[] = []
  const server = createServer(async ({ url = '/', headers }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://docs.example')
    asked.push({ host: headers.host?.split(':')[0] ?? '', path: pathname })
    if (pathname === '/phone') {
      response.setHeader('content-type', 'text/html').end(framed(searchParams.get('page') ?? '/'))
      return
    }
    const path = pathname.endsWith('/') ? `${pathname}index.html` : extname(pathname) ? pathname : `${pathname}.html`
    const body = await readFile(join(folder, decodeURIComponent(path))).catch(() => undefined)
    const type = TYPES[extname(path)] ?? 'text/plain'
    response.writeHead(body ? 200 : 404, { 'content-type': `${type}; charset=utf-8` })
    response.end(type === 'text/html' && body ? String(body).replace('<head>', `<head>${WATCH}`) : body)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    asked,
    url: `http://docs.example:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

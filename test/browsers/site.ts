import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const root = new URL('../../', import.meta.url)

/** What an import map needs so that a page can import the ESM build without a bundler. */
const modules: Record<string, string> = {
  isotarget: '/dist/browser.js',
  nanoid: '/node_modules/nanoid/index.browser.js',
  valibot: '/node_modules/valibot/dist/index.mjs',
}

const SCRIPT = '/dist/isotarget.global.js'

const pages: Record<string, string> = {
  '/script-tag': `<script src="${SCRIPT}"></script>`,
  '/esm': `<script type="importmap">${JSON.stringify({ imports: modules })}</script>
<script type="module">globalThis.isotarget = await import('isotarget')</script>`,
  '/strict': `<script src="${SCRIPT}"></script>`,
  '/sandboxed': `<script src="${SCRIPT}"></script>`,
  '/elsewhere': '<p>Another page.</p>',
}

const policies: Record<string, string> = {
  // What a page has to allow.
  '/strict': "default-src 'none'; script-src 'self'; connect-src https://*.tt.omtrdc.net",
  // A page that may not keep anything.
  '/sandboxed': 'sandbox allow-scripts',
}

const typeOf = (path: string): string => (path in pages ? 'text/html' : 'text/javascript')

const files = new Map<string, Promise<Buffer>>()

/** Each file is read once, so that a build that goes on meanwhile takes none away. */
const fileAt = (path: string): Promise<Buffer> => {
  const file = files.get(path) ?? readFile(new URL(`.${path}`, root))
  files.set(path, file)
  return file
}

/** Serves test pages and the built files from a port of its own: another origin than the edge, as in real life. */
export const openSite = async (): Promise<{ port: number; close(): void }> => {
  await fileAt(SCRIPT)
  const server = createServer(async (request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    const isBuilt = /^\/(dist\/[\w.-]+|node_modules\/(nanoid|valibot)\/[\w./-]+)\.m?js$/.test(path)
    if (!(path in pages || isBuilt)) {
      response.writeHead(path === '/nothing' ? 204 : 404).end()
      return
    }
    const body = isBuilt ? await fileAt(path) : `<!doctype html><title>${path}</title>${pages[path]}`
    const policy = policies[path]
    response
      .writeHead(200, { 'content-type': typeOf(path), ...(policy && { 'content-security-policy': policy }) })
      .end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

// The pages: two that run the SDK, and one that does not.
import { once } from 'node:events'
import { createServer } from 'node:http'

const pages = {
  '/page': '<script src="/sdk.js"></script>',
  '/next': '<p>The next page.</p><script src="/sdk.js"></script>',
  '/elsewhere': '<p>Another page.</p>',
}

/** `settings` are globals of the pages, for the SDK's script to read. */
export const openSite = async (script, settings) => {
  const text = `Object.assign(globalThis, ${JSON.stringify(settings)});${script}`
  const server = createServer((request, response) => {
    const path = request.url.split('?')[0]
    if (path === '/sdk.js') response.writeHead(200, { 'content-type': 'text/javascript' }).end(text)
    else if (path in pages)
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<!doctype html><title>${path}</title>${pages[path]}`)
    // What the field asks its own backends for before it starts: no flags, no experiments.
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  return {
    url: (path) => `http://127.0.0.1:${port}${path}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

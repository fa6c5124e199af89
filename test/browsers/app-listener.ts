import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a page has said, and how much of it moved, in the globals of the page. */
export interface Heard {
  said: string[]
  /** Cumulative layout shift; 0 also where the engine does not measure it. */
  shift: number
}

/** Listens before everything else, and leaves no element that a framework could stumble over. */
const LISTENER = `<script>
  said = []
  shift = 0
  for (const level of ['error', 'warn']) console[level] = (...words) => said.push(level + ': ' + words.join(' '))
  addEventListener('error', ({ message, target }) => said.push(message ?? 'not loaded: ' + (target.src ?? target.href)), true)
  addEventListener('unhandledrejection', ({ reason }) => said.push('unhandled: ' + reason))
  if (PerformanceObserver.supportedEntryTypes.includes('layout-shift'))
    new PerformanceObserver((list) => { for (const { value } of list.getEntries()) shift += value })
      .observe({ type: 'layout-shift', buffered: true })
  document.currentScript.remove()
</script>`

const forward = (request: IncomingMessage, response: ServerResponse, port: number): void => {
  const { 'accept-encoding': _, ...headers } = request.headers
  const forwarded = send({ port, host: '127.0.0.1', method: request.method, path: request.url, headers })
  forwarded.on('response', async (answer) => {
    const { 'content-length': _, ...rest } = answer.headers
    if (!rest['content-type']?.startsWith('text/html')) {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
      return
    }
    const html = Buffer.concat(await answer.toArray()).toString()
    response.writeHead(answer.statusCode ?? 502, rest).end(html.replace(/<head[^>]*>/, `$&${LISTENER}`))
  })
  forwarded.on('error', () => response.destroy())
  request.pipe(forwarded)
}

/** A proxy before an app, as there is one in real life. It puts a listener into its pages. */
export const openListener = async (portOf: () => number) => {
  const server = createServer((request, response) => forward(request, response, portOf()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

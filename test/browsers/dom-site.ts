import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'

const root = new URL('../../', import.meta.url)
const files = new Map<string, Promise<string>>()

/** Each file is read once, so that a build that goes on meanwhile takes none away. */
const fileAt = (path: string): Promise<string> => {
  const file = files.get(path) ?? readFile(new URL(`.${path}`, root), 'utf8')
  files.set(path, file)
  return file
}

/** What a site serves at a path. */
export interface Served {
  /** In the head, before anything of ours. */
  head?: string
  /** In the body; a page that has one loads the built files. */
  body?: string
  /** Anything else than a page. */
  text?: string
  type?: string
  headers?: Record<string, string>
  status?: number
  /** How long it takes, in ms. */
  delay?: number
  /** The rest of a page, which comes so much later, in ms. */
  rest?: { body: string; delay: number }
  /** In front of the page. @default '<!doctype html>' */
  doctype?: string
  /** Of the scripts that load the built files. */
  nonce?: string
}

/** The page in which most tests play, and one to leave it for. */
const plain: Record<string, Served> = { '/': { body: '' }, '/elsewhere': { body: 'elsewhere' } }

const pageOf = ({ head = '', body = '', doctype = '<!doctype html>', nonce }: Served): string => {
  const attribute = nonce ? ` nonce="${nonce}"` : ''
  return `${doctype}<html><head><meta charset="utf-8"><link rel="icon" href="data:,">${head}
<script${attribute} src="/dist/isotarget.global.js"></script>
<script${attribute} type="module" src="/dom-global.js"></script></head><body>${body}</body></html>`
}

const send = async (response: ServerResponse, served: Served): Promise<unknown> => {
  const { text, type = text === undefined ? 'text/html' : 'text/javascript', headers, status = 200 } = served
  const { rest } = served
  response.writeHead(status, { 'content-type': type, 'access-control-allow-origin': '*', ...headers })
  if (!rest) return response.end(text ?? pageOf(served))
  const [start, end] = pageOf(served).split('</body>')
  response.write(start)
  await sleep(rest.delay)
  return response.end(`${rest.body}</body>${end}`)
}

/** Serves pages of a test and the built files; `asked` lists the paths that were asked for. */
export const openDomSite = async (pages: Record<string, Served> = {}) => {
  const served: Record<string, Served> = {
    ...plain,
    '/dom-global.js': {
      text: `import * as dom from '/dist/dom.js'
        Object.assign(globalThis, { dom, load: (path) => import(path) })`,
    },
    ...pages,
  }
  await Promise.all(['/dist/isotarget.global.js', '/dist/dom.js'].map(fileAt))
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    asked.push(path)
    const page = served[path]
    if (page?.delay) await sleep(page.delay)
    if (page) return send(response, page)
    if (!/^\/dist\/[\w.-]+\.js$/.test(path)) return response.writeHead(404).end()
    return send(response, { text: await fileAt(path) })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = (): void => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close }
}

/** A site that lives as long as the test. */
export const openTestSite = async (pages?: Record<string, Served>) => {
  const site = await openDomSite(pages)
  onTestFinished(site.close)
  return site
}

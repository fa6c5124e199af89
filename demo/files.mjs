import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'

const TYPES = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
}

/** Everything that is served as a file: the demo's own, the built package and the two dependencies of its browser build. */
const ALLOWED = [
  [/^\/assets\/[\w-]+\.(js|css|svg)$/, '.'],
  [/^\/dist\/[\w.-]+\.js(\.map)?$/, '..'],
  [/^\/node_modules\/valibot\/dist\/index\.mjs$/, '..'],
  [/^\/node_modules\/nanoid\/(index\.browser|url-alphabet\/index)\.js$/, '..'],
]

/** Where a path is on the disk; undefined for all that is not to be served. */
export const fileOf = (path) => {
  const folder = ALLOWED.find(([pattern]) => pattern.test(path))?.[1]
  return folder && new URL(`${folder}${path}`, import.meta.url)
}

export const sendFile = async (response, file) => {
  const content = await readFile(file).catch(() => undefined)
  if (!content) return response.writeHead(404).end()
  const type = TYPES[extname(file.pathname)]
  return response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-cache' }).end(content)
}

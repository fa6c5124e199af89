// The shop: the same page for everybody, but for what a contender has in its head. Served as a CDN does, in Brotli.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { brotliCompressSync, constants } from 'node:zlib'
import { watch } from './watch.mjs'

const GOODS = 24

const css = `
  body { margin: 0; font: 16px/1.5 sans-serif; color: #222 }
  header, main, footer { max-width: 60rem; margin: 0 auto; padding: 1rem }
  h1 { font-size: 2.5rem; margin: 0 } #lead { font-size: 1.25rem }
  #buy { font: inherit; padding: 0.75rem 2rem; border: 0; border-radius: 2rem; background: #0b7a6b; color: #fff }
  #band { background: #f6d48a; padding: 1rem; margin: 0 0 1rem }
  #offers { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1rem }
  article { border: 1px solid #ddd; border-radius: 0.5rem; padding: 1rem }
  article i { display: block; height: 6rem; background: #e6ebf0 }`

const goods = Array.from(
  { length: GOODS },
  (_, index) =>
    `<article><i></i><h2>Shirt ${index + 1}</h2><p>Linen, ${20 + index} euros, in four colours and all sizes.</p></article>`,
).join('\n')

const body = `<header>The shop</header>
<main>
<h1 id="title">Our collection</h1>
<p id="lead">Shirts and trousers for every day of the year.</p>
<p><button id="buy">Look around</button></p>
<section id="offers">
${goods}
</section>
</main>
<footer id="foot">Open on all days.</footer>`

const pageOf = (head, plan) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>The shop</title><link rel="icon" href="data:,">
<script>(${watch})(${JSON.stringify(plan)})</script>
${head}
<link rel="stylesheet" href="/shop.css"></head>
<body>${body}</body></html>`

/** As small as a CDN makes it. */
export const compressed = (text) =>
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } })

/** `plan` is what the page watches for. The script is compressed already, because it is the same each time. */
export const openSite = async ({ head, plan, script }) => {
  const files = {
    '/': ['text/html', compressed(pageOf(head, plan))],
    '/elsewhere': ['text/html', compressed('<!doctype html><title>Elsewhere</title><link rel="icon" href="data:,">')],
    '/shop.css': ['text/css', compressed(css)],
    ...(script && { '/sdk.js': ['text/javascript', script] }),
  }
  const seen = { requests: 0 }
  const server = createServer((request, response) => {
    const [type, bytes] = files[request.url.split('?')[0]] ?? []
    if (!bytes) return response.writeHead(404).end()
    seen.requests++
    response
      .writeHead(200, { 'content-type': type, 'content-encoding': 'br', 'cache-control': 'max-age=600' })
      .end(bytes)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: server.address().port,
    seen,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

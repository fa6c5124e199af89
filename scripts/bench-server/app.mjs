// A shop that renders a page for each visitor, in a process of its own. Usage: forked with --expose-gc and a variant as JSON.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { openSdk } from './sdks.mjs'

const variant = JSON.parse(process.argv[2])
const sdk = await openSdk(variant)

/** A page of some size, so that there is something to render without offers too. */
const GOODS = Array.from(
  { length: 24 },
  (_, at) => `<li><a href="/goods/${at}">Good number ${at}</a> ${at * 5}.90</li>`,
)
const pageOf = (hero) => {
  served++
  return `<!doctype html><html lang="en"><title>Shop</title><main><h1>${hero}</h1><ul>${GOODS.join('')}</ul></main></html>`
}

/** Frameworks are dependencies of the demos. */
const load = async (demo, name) => {
  const { resolve } = createRequire(new URL(`../../demo/${demo}/package.json`, import.meta.url))
  return import(pathToFileURL(resolve(name)).href)
}

const express = async () => {
  const { default: create } = await load('express', 'express')
  const app = create()
  app.get('/', async (req, res) => {
    const { content, cookies } = await sdk.ask(req, req.query.visitor)
    if (cookies.length) res.append('set-cookie', cookies)
    res.send(pageOf(content))
  })
  return new Promise((resolve) => {
    const server = app.listen(0, '127.0.0.1', () => resolve(server.address().port))
  })
}

const hono = async () => {
  const { Hono } = await load('hono', 'hono')
  const { serve } = await load('hono', '@hono/node-server')
  const app = new Hono()
  app.get('/', async (c) => {
    const { content, cookies } = await sdk.ask(c.req.raw, c.req.query('visitor'))
    for (const cookie of cookies) c.header('set-cookie', cookie, { append: true })
    return c.html(pageOf(content))
  })
  return new Promise((resolve) => {
    serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => resolve(port))
  })
}

let cpu = process.cpuUsage()
let served = 0
const answers = {
  /** CPU microseconds and pages since the last time. */
  spent() {
    const { user, system } = process.cpuUsage(cpu)
    const pages = served
    cpu = process.cpuUsage()
    served = 0
    return { cpu: user + system, pages }
  },
  /** Bytes, after all has been reported and collected. */
  async memory() {
    await sdk.flush()
    // What waits for a collection to be let go of is collected by the next.
    for (let turn = 0; turn < 5; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      globalThis.gc()
    }
    const { heapUsed, rss } = process.memoryUsage()
    return { heap: heapUsed, rss }
  },
  flush: () => sdk.flush(),
}
process.on('message', async ({ id, ask }) => process.send({ id, reply: await answers[ask]() }))
process.send({ port: await { express, hono }[variant.framework]() })

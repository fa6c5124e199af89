import { createSocket } from 'node:dgram'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEmulator } from '../../src/emulator.ts'

/** What is undone when a test ends, the last first. */
type Close = () => Promise<unknown> | unknown

/** A server of pages. */
export const startSite = async (listener: RequestListener) => {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}

/** A page with these headers. */
export const page =
  (html: string, headers: Record<string, string | string[]> = {}): RequestListener =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(html)
  }

/** A page as it should be. */
export const goodPage = (attributes = '') => `<!doctype html>
<html lang="en"><head><title>Shop</title>
<style id="isotarget-prehide" nonce="n1">body{animation:isotarget-prehide 3s step-end}</style>
<script async src="/isotarget.global.js" nonce="n1" data-client="acme" data-organization-id="ABC@AdobeOrg" ${attributes}></script>
</head><body><h1>Shop</h1></body></html>`

const nameBytes = (name: string): Buffer =>
  Buffer.concat([
    ...name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ])

const nameIn = (question: Buffer): { name: string; end: number } => {
  const labels: string[] = []
  let at = 12
  for (let length = question[at] ?? 0; length; length = question[at] ?? 0) {
    labels.push(question.subarray(at + 1, at + 1 + length).toString())
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 }
}

/** A DNS of one's own (RFC 1035): names lead to names; all others do not exist. */
export const startDns = async (names: Readonly<Record<string, string>>) => {
  const socket = createSocket('udp4')
  socket.on('message', (question, { port, address }) => {
    const { name, end } = nameIn(question)
    const alias = question.readUInt16BE(end) === 5 ? names[name] : undefined
    const header = Buffer.from(question.subarray(0, 12))
    header.writeUInt16BE(alias || name in names ? 0x8180 : 0x8183, 2)
    header.writeUInt16BE(alias ? 1 : 0, 6)
    header.writeUInt32BE(0, 8)
    const record = alias ? nameBytes(alias) : Buffer.alloc(0)
    const fixed = Buffer.from([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, record.length])
    socket.send(
      Buffer.concat([header, question.subarray(12, end + 4), ...(alias ? [fixed, record] : [])]),
      port,
      address,
    )
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', () => resolve()))
  return { server: `127.0.0.1:${socket.address().port}`, close: () => socket.close() }
}

/** The environment in which hosts are servers of ours, and the DNS too. */
export const withHosts = (hosts: Readonly<Record<string, string>>, dns: string): NodeJS.ProcessEnv => {
  const code = `import { setServers } from 'node:dns'
    setServers(['${dns}'])
    const real = fetch
    const hosts = ${JSON.stringify(hosts)}
    globalThis.fetch = (address, init) => {
      const { host, origin, pathname, search } = new URL(address)
      return real((hosts[host] ?? origin) + pathname + search, init)
    }`
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` }
}

/** A shop in order, with its edge and its names: `https://shop.example/`. */
export const startShop = async () => {
  const undo: Close[] = []
  const site = await startSite(
    page(goodPage(), {
      'content-security-policy':
        "default-src 'self'; connect-src 'self' https://*.tt.omtrdc.net https://target.shop.example; script-src 'nonce-n1'; style-src 'nonce-n1'",
    }),
  )
  undo.push(site.close)
  const edge = await createEmulator({ client: 'acme', offers: { hero: 'x' } }).listen()
  undo.push(edge.close)
  const dns = await startDns({ 'target.shop.example': 'acme.tt.omtrdc.net' })
  undo.push(dns.close)
  const hosts = {
    'shop.example': site.url,
    'acme.tt.omtrdc.net': edge.url,
    'target.shop.example': edge.url,
    'assets.adobetarget.com': edge.url,
  }
  return {
    env: withHosts(hosts, dns.server),
    close: () => Promise.all(undo.map((close) => close())),
  }
}

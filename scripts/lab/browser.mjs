// One Chromium for all pages. Each page has a proxy of its own, in which a host name is a port of this machine.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { launch } from 'puppeteer-core'
import { proxyFor } from '../../test/browsers/engines/loopback-proxy.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-back-forward-cache',
  // Pages that run side by side are all in front.
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
]

/** A port at which nobody listens. */
const closedPort = async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

export const launchBrowser = async (executablePath) => {
  const nobody = await closedPort()
  const browser = await launch({
    executablePath,
    headless: true,
    acceptInsecureCerts: true,
    defaultViewport: { width: 1280, height: 720 },
    args: FLAGS,
  })
  return {
    version: (await browser.version()).replace(/^.*\//, 'Chromium '),
    /** A page of a visitor who comes for the first time. `portOf` gives the port of a host name; without one nobody answers. */
    async open(portOf) {
      const proxy = await proxyFor((name) => portOf(name) ?? nobody)
      const context = await browser.createBrowserContext({ proxyServer: `http://127.0.0.1:${proxy.port}` })
      const page = await context.newPage({ type: 'window' })
      return {
        page,
        async close() {
          await context.close()
          await proxy.close()
        },
      }
    },
    close: () => browser.close(),
  }
}

import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Browser, CLICK_TIMEOUT, closeAll, type LaunchOptions, orClose, type Page } from './engine.ts'
import { startGuarded } from './guarded-process.ts'
import { type LoopbackProxy, proxyFor } from './loopback-proxy.ts'
import { type Send, startWebDriver } from './webdriver.ts'
import { type InWindow, visit, webkitPage } from './webkit-page.ts'
import { connectToXServer, type XServer } from './x-server.ts'

export interface WebkitInstall {
  readonly driver: string
  readonly miniBrowser: string
  readonly xvfb: string
}

interface Session {
  readonly version: string
  open(url: string): Promise<Page>
  close(): Promise<void>
}

const WINDOW_TRIES = 500
const WINDOW_POLL = 20

interface NewSession {
  readonly sessionId: string
  readonly capabilities: { readonly browserVersion: string }
}

interface Screen {
  readonly display: string
  readonly x: XServer
  /** Runs what opens a window, and tells which one that is. One at a time: a new window does not say whose it is. */
  newWindow<Value>(open: () => Promise<Value>): Promise<{ value: Value; window: number }>
  stop(): Promise<void>
}

const appeared = async (x: XServer, before: readonly number[]): Promise<number> => {
  for (let tries = 0; tries < WINDOW_TRIES; tries++) {
    const window = (await x.windows()).find((id) => !before.includes(id))
    if (window !== undefined) return window
    await sleep(WINDOW_POLL)
  }
  throw new Error('the new window did not appear on the screen')
}

const startXvfb = async (command: string): Promise<{ display: string; stop: () => Promise<void> }> => {
  const flags = ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp']
  const { channel, ended, stop } = startGuarded(command, flags)
  const display = await Promise.race([once(channel, 'data').then(([chunk]) => String(chunk).trim()), ended])
  if (display) return { display: `:${display}`, stop }
  await stop()
  throw new Error(`${command} ended at once`)
}

const startScreen = async (command: string): Promise<Screen> => {
  const { display, stop } = await startXvfb(command)
  const x = await orClose(connectToXServer(display), stop)
  let last: Promise<unknown> = Promise.resolve()
  return {
    display,
    x,
    newWindow: (open) => {
      const turn = last.then(async () => {
        const before = await x.windows()
        const value = await open()
        return { value, window: await appeared(x, before) }
      })
      last = turn.catch(() => {})
      return turn
    },
    stop: () => closeAll(x.disconnect, stop),
  }
}

/** The driver has one current window per session and serves one command at a time. */
const turns = (send: Send): InWindow => {
  let last: Promise<unknown> = Promise.resolve()
  return (handle, steps) => {
    const turn = last.then(async () => {
      await send('POST', '/window', { handle })
      return steps(send)
    })
    last = turn.catch(() => {})
    return turn
  }
}

interface Surroundings {
  readonly screen: Screen
  readonly proxy: LoopbackProxy | undefined
  readonly backForwardCache: boolean
}

const startSession = async (
  { driver, miniBrowser }: WebkitInstall,
  { screen, proxy, backForwardCache }: Surroundings,
): Promise<Session> => {
  // The software renderer, because Xvfb has no GPU to offer.
  const webDriver = await startWebDriver(driver, {
    DISPLAY: screen.display,
    GDK_BACKEND: 'x11',
    LIBGL_ALWAYS_SOFTWARE: '1',
  })
  // The proxy that WebDriver's own capability sets is spoken to in TLS for https URLs; this one is not.
  const args = [
    '--automation',
    ...(proxy ? [`--proxy=http://127.0.0.1:${proxy.port}`] : []),
    ...(backForwardCache ? [] : ['--enable-page-cache=false']),
  ]
  const alwaysMatch = {
    acceptInsecureCerts: true,
    timeouts: { implicit: CLICK_TIMEOUT },
    'webkitgtk:browserOptions': { binary: miniBrowser, args },
  }
  const { sessionId, capabilities } = await orClose(
    webDriver.send<NewSession>('POST', '/session', { capabilities: { alwaysMatch } }),
    webDriver.stop,
  )
  const session = `/session/${sessionId}`
  const send: Send = (method, path, body) => webDriver.send(method, session + path, body)
  const inWindow = turns(send)
  // Stays open, because a session ends with its last window.
  const first = await send<string>('GET', '/window')
  return {
    version: `WebKitGTK ${capabilities.browserVersion}`,
    open: async (url) => {
      // A tab beside others starts hidden and never becomes visible; a window is what a person looks at.
      const { value, window } = await screen.newWindow(() =>
        inWindow(first, (send) => send<{ handle: string }>('POST', '/window/new', { type: 'window' })),
      )
      const { handle } = value
      await inWindow(handle, (send) => visit(send, url))
      return webkitPage({ inWindow, first, handle, x: screen.x, window, root: webDriver.pid ?? 0 })
    },
    close: () => closeAll(() => send('DELETE', ''), webDriver.stop),
  }
}

export const launchWebkit = async (
  install: WebkitInstall,
  { hosts, backForwardCache = true }: LaunchOptions,
): Promise<Browser> => {
  const proxy = await proxyFor(hosts)
  const closeProxy = (): Promise<void> | undefined => proxy?.close()
  const screen = await orClose(startScreen(install.xvfb), closeProxy)
  const profiles = new Map<string, Promise<Session>>()
  const profileNamed = (name: string): Promise<Session> => {
    const session = profiles.get(name) ?? startSession(install, { screen, proxy, backForwardCache })
    profiles.set(name, session)
    return session
  }
  const { version } = await orClose(profileNamed(''), screen.stop, closeProxy)
  return {
    version,
    open: async (url, { profile = '' } = {}) => (await profileNamed(profile)).open(url),
    close: () =>
      closeAll(
        ...[...profiles.values()].map((session) => async () => (await session).close()),
        screen.stop,
        closeProxy,
      ),
  }
}

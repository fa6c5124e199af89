import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Browser,
  CLICK_TIMEOUT,
  closeAll,
  expressionOf,
  type LaunchOptions,
  orClose,
  type Page,
  resultOf,
} from './engine.ts'
import { startGuarded } from './guarded-process.ts'
import { type LoopbackProxy, proxyFor } from './loopback-proxy.ts'
import { type Send, startWebDriver } from './webdriver.ts'

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

interface NewSession {
  readonly sessionId: string
  readonly capabilities: { readonly browserVersion: string }
}

/** Sends commands to one window, none of them between those of another. */
type InWindow = <Value>(handle: string, steps: (send: Send) => Promise<Value>) => Promise<Value>

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'
const SLOTS = 'window.__evaluations'
const POLL = 10

const startXvfb = async (command: string): Promise<{ display: string; stop: () => Promise<void> }> => {
  const flags = ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp']
  const { channel, ended, stop } = startGuarded(command, flags)
  const display = await Promise.race([once(channel, 'data').then(([chunk]) => String(chunk).trim()), ended])
  if (display) return { display: `:${display}`, stop }
  await stop()
  throw new Error(`${command} ended at once`)
}

const script = (body: string): object => ({ script: body, args: [] })

let evaluations = 0

/**
 * Leaves the result in the page and asks for it later, so that an evaluation that waits for another tab does not keep
 * the driver from serving that tab.
 */
const evaluate = async (inWindow: InWindow, handle: string, expression: string): Promise<string> => {
  const id = ++evaluations
  const start = `const slots = (${SLOTS} ??= {}); slots[${id}] = null;
    ${expression}.then((json) => { slots[${id}] = json })`
  const ask = `const slots = ${SLOTS} ?? {}; const json = slots[${id}]; if (json) delete slots[${id}];
    return { gone: json === undefined, json }`
  await inWindow(handle, (send) => send('POST', '/execute/sync', script(start)))
  for (;;) {
    const { gone, json } = await inWindow(handle, (send) =>
      send<{ gone: boolean; json: string | null }>('POST', '/execute/sync', script(ask)),
    )
    if (json) return json
    if (gone) throw new Error('the page was left before the function had ended')
    await sleep(POLL)
  }
}

/** The other engines' drivers throw by themselves when there is no page; this one stays where it was, or shows why. */
const visit = async (send: Send, url: string): Promise<void> => {
  await send('POST', '/url', { url })
  const arrived = await send<string>('GET', '/url')
  if (arrived === 'about:blank' && url !== arrived) throw new Error(`${url} could not be loaded`)
}

const wrap = (inWindow: InWindow, handle: string): Page => ({
  evaluate: async (fn, ...args) => resultOf(await evaluate(inWindow, handle, expressionOf(fn, args))),
  goto: (url) => inWindow(handle, (send) => visit(send, url)),
  click: (selector) =>
    inWindow(handle, async (send) => {
      const element = await send<Record<string, string>>('POST', '/element', { using: 'css selector', value: selector })
      await send('POST', `/element/${element[ELEMENT]}/click`, {})
    }),
  screenshot: async (path) => {
    const base64 = await inWindow(handle, (send) => send<string>('GET', '/screenshot'))
    await writeFile(path, base64, 'base64')
  },
  close: () => inWindow(handle, (send) => send('DELETE', '/window')),
})

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

const startSession = async (
  { driver, miniBrowser }: WebkitInstall,
  display: string,
  proxy: LoopbackProxy | undefined,
): Promise<Session> => {
  // The software renderer, because Xvfb has no GPU to offer.
  const webDriver = await startWebDriver(driver, { DISPLAY: display, GDK_BACKEND: 'x11', LIBGL_ALWAYS_SOFTWARE: '1' })
  // The proxy that WebDriver's own capability sets is spoken to in TLS for https URLs; this one is not.
  const args = ['--automation', ...(proxy ? [`--proxy=http://127.0.0.1:${proxy.port}`] : [])]
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
      const { handle } = await inWindow(first, (send) =>
        send<{ handle: string }>('POST', '/window/new', { type: 'window' }),
      )
      await inWindow(handle, (send) => visit(send, url))
      return wrap(inWindow, handle)
    },
    close: () => closeAll(() => send('DELETE', ''), webDriver.stop),
  }
}

export const launchWebkit = async (install: WebkitInstall, { hosts }: LaunchOptions): Promise<Browser> => {
  const proxy = await proxyFor(hosts)
  const closeProxy = (): Promise<void> | undefined => proxy?.close()
  const xvfb = await orClose(startXvfb(install.xvfb), closeProxy)
  const profiles = new Map<string, Promise<Session>>()
  const profileNamed = (name: string): Promise<Session> => {
    const session = profiles.get(name) ?? startSession(install, xvfb.display, proxy)
    profiles.set(name, session)
    return session
  }
  const { version } = await orClose(profileNamed(''), xvfb.stop, closeProxy)
  return {
    version,
    open: async (url, { profile = '' } = {}) => (await profileNamed(profile)).open(url),
    close: () =>
      closeAll(...[...profiles.values()].map((session) => async () => (await session).close()), xvfb.stop, closeProxy),
  }
}

import { writeFile } from 'node:fs/promises'
import { type BrowserContext, chromium, type Page as PlaywrightPage } from 'playwright-core'
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
import { proxyFor } from './loopback-proxy.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const wrap = (tab: PlaywrightPage): Page => ({
  evaluate: async (fn, ...args) => resultOf(await tab.evaluate(expressionOf(fn, args))),
  goto: async (url) => void (await tab.goto(url)),
  click: (selector) => tab.click(selector, { timeout: CLICK_TIMEOUT }),
  screenshot: async (path) => writeFile(path, await tab.screenshot()),
  close: () => tab.close(),
})

export const launchChromium = async (executablePath: string, { hosts }: LaunchOptions): Promise<Browser> => {
  const proxy = await proxyFor(hosts)
  const closeProxy = (): Promise<void> | undefined => proxy?.close()
  const browser = await orClose(
    chromium.launch({
      executablePath,
      args: FLAGS,
      ...(proxy && { proxy: { server: `http://127.0.0.1:${proxy.port}` } }),
    }),
    closeProxy,
  )
  const profiles = new Map<string, Promise<BrowserContext>>()
  const profileNamed = (name: string): Promise<BrowserContext> => {
    const context = profiles.get(name) ?? browser.newContext({ ignoreHTTPSErrors: true })
    profiles.set(name, context)
    return context
  }
  return {
    version: `Chromium ${browser.version()}`,
    open: async (url, { profile = '' } = {}) => {
      const context = await profileNamed(profile)
      const tab = await context.newPage()
      await tab.goto(url)
      return wrap(tab)
    },
    close: () => closeAll(() => browser.close(), closeProxy),
  }
}

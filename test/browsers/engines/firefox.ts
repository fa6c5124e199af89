import { writeFile } from 'node:fs/promises'
import { type BrowserContext, launch, type Page as PuppeteerPage } from 'puppeteer-core'
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
import { endWithUs } from './guarded-process.ts'
import { proxyFor } from './loopback-proxy.ts'

const wrap = (tab: PuppeteerPage): Page => ({
  evaluate: async (fn, ...args) => resultOf(await tab.evaluate(expressionOf(fn, args))),
  goto: async (url) => void (await tab.goto(url)),
  click: async (selector) => {
    await tab.waitForSelector(selector, { timeout: CLICK_TIMEOUT })
    await tab.click(selector)
  },
  screenshot: async (path) => writeFile(path, await tab.screenshot()),
  close: () => tab.close(),
})

const proxyPreferences = (port: number): Record<string, unknown> => ({
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': port,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': port,
  // Names such as *.app would be https only.
  'network.stricttransportsecurity.preloadlist': false,
  'dom.security.https_first': false,
})

export const launchFirefox = async (executablePath: string, { hosts }: LaunchOptions): Promise<Browser> => {
  const proxy = await proxyFor(hosts)
  const closeProxy = (): Promise<void> | undefined => proxy?.close()
  const browser = await orClose(
    launch({
      browser: 'firefox',
      executablePath,
      headless: true,
      acceptInsecureCerts: true,
      ...(proxy && { extraPrefsFirefox: proxyPreferences(proxy.port) }),
    }),
    closeProxy,
  )
  const release = endWithUs(browser.process()?.pid)
  const profiles = new Map<string, Promise<BrowserContext>>()
  const profileNamed = (name: string): Promise<BrowserContext> => {
    const context = profiles.get(name) ?? browser.createBrowserContext()
    profiles.set(name, context)
    return context
  }
  return {
    version: await browser.version(),
    open: async (url, { profile = '' } = {}) => {
      const context = await profileNamed(profile)
      // A tab hides the others of its window, and its close lost about one beacon in ten; a window's lost none of 100.
      const tab = await context.newPage({ type: 'window' })
      await tab.goto(url)
      return wrap(tab)
    },
    close: () => closeAll(() => browser.close(), release, closeProxy),
  }
}

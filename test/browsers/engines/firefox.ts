import { launch } from 'puppeteer-core'
import { busyProcess, compute } from './busy-process.ts'
import { type Browser, type LaunchOptions, orClose } from './engine.ts'
import { proxyFor } from './loopback-proxy.ts'
import { puppeteerBrowser } from './puppeteer-browser.ts'

type Preferences = Record<string, unknown>

/** A process for each tab, so that none dies with another. */
const PROCESSES: Preferences = { 'dom.ipc.processCount': 64 }

const proxyPreferences = (port: number): Preferences => ({
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': port,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': port,
  // Names such as *.app would be https only.
  'network.stricttransportsecurity.preloadlist': false,
  'dom.security.https_first': false,
})

const NOTHING_KEPT: Preferences = { 'browser.sessionhistory.max_total_viewers': 0 }

export const launchFirefox = async (
  executablePath: string,
  { hosts, backForwardCache = true }: LaunchOptions,
): Promise<Browser> => {
  const proxy = await proxyFor(hosts)
  const closeProxy = (): Promise<void> | undefined => proxy?.close()
  const browser = await orClose(
    launch({
      browser: 'firefox',
      executablePath,
      headless: true,
      acceptInsecureCerts: true,
      extraPrefsFirefox: {
        ...PROCESSES,
        ...(backForwardCache ? {} : NOTHING_KEPT),
        ...(proxy && proxyPreferences(proxy.port)),
      },
    }),
    closeProxy,
  )
  const root = browser.process()?.pid ?? 0
  return puppeteerBrowser(browser, {
    version: await browser.version(),
    kill: async (_, evaluate) => {
      await evaluate(compute)
      process.kill(await busyProcess(root), 'SIGKILL')
    },
    closeProxy,
  })
}

import { launch, type Page as PuppeteerPage } from 'puppeteer-core'
import { type Browser, type LaunchOptions, orClose } from './engine.ts'
import { proxyFor } from './loopback-proxy.ts'
import { puppeteerBrowser } from './puppeteer-browser.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // What is asked for by http is http.
  '--disable-features=HttpsUpgrades',
]

/** The command to crash is never answered. */
const crash = async (tab: PuppeteerPage): Promise<void> => {
  const session = await tab.createCDPSession()
  const crashed = new Promise((resolve) => tab.once('error', resolve))
  session.send('Page.crash').catch(() => {})
  await crashed
}

export const launchChromium = async (
  executablePath: string,
  { hosts, backForwardCache = false }: LaunchOptions,
): Promise<Browser> => {
  const proxy = await proxyFor(hosts)
  const closeProxy = (): Promise<void> | undefined => proxy?.close()
  const browser = await orClose(
    launch({
      executablePath,
      headless: true,
      acceptInsecureCerts: true,
      defaultViewport: { width: 1280, height: 720 },
      args: [
        ...FLAGS,
        ...(backForwardCache ? [] : ['--disable-back-forward-cache']),
        ...(proxy ? [`--proxy-server=http://127.0.0.1:${proxy.port}`] : []),
      ],
    }),
    closeProxy,
  )
  const version = (await browser.version()).replace(/^.*\//, 'Chromium ')
  return puppeteerBrowser(browser, { version, kill: crash, closeProxy })
}

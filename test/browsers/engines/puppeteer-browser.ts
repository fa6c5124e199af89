import { writeFile } from 'node:fs/promises'
import type { BrowserContext, Browser as PuppeteerBrowser, Page as PuppeteerPage, WindowState } from 'puppeteer-core'
import {
  type Browser,
  CLICK_TIMEOUT,
  closeAll,
  expressionOf,
  goBack,
  isHidden,
  isVisible,
  type Page,
  resultOf,
  until,
} from './engine.ts'
import { endWithUs } from './guarded-process.ts'

interface Parts {
  readonly version: string
  /** Ends the process that renders the tab. */
  kill(tab: PuppeteerPage, evaluate: Page['evaluate']): Promise<void>
  /** Closes what was started beside the browser. */
  readonly closeProxy: () => Promise<void> | undefined
}

const wrap = (browser: PuppeteerBrowser, tab: PuppeteerPage, kill: Parts['kill']): Page => {
  const evaluate: Page['evaluate'] = async (fn, ...args) => resultOf(await tab.evaluate(expressionOf(fn, args)))
  const setWindow = async (windowState: WindowState) => browser.setWindowBounds(await tab.windowId(), { windowState })
  return {
    evaluate,
    goto: async (url) => void (await tab.goto(url)),
    back: () => goBack(evaluate),
    hide: async () => {
      await setWindow('minimized')
      await until(evaluate, isHidden, 'the page was not hidden')
    },
    show: async () => {
      await setWindow('normal')
      await until(evaluate, isVisible, 'the page was not shown')
    },
    kill: async () => {
      await kill(tab, evaluate)
      await tab.close()
    },
    click: async (selector) => {
      await tab.waitForSelector(selector, { timeout: CLICK_TIMEOUT })
      await tab.click(selector)
    },
    screenshot: async (path) => writeFile(path, await tab.screenshot()),
    close: () => tab.close(),
  }
}

/** The part of the drivers of Chromium and Firefox that is the same. */
export const puppeteerBrowser = (browser: PuppeteerBrowser, { version, kill, closeProxy }: Parts): Browser => {
  const release = endWithUs(browser.process()?.pid)
  const profiles = new Map<string, Promise<BrowserContext>>()
  const profileNamed = (name: string): Promise<BrowserContext> => {
    const context = profiles.get(name) ?? browser.createBrowserContext()
    profiles.set(name, context)
    return context
  }
  return {
    version,
    open: async (url, { profile = '' } = {}) => {
      const context = await profileNamed(profile)
      // A tab hides the others of its window, and in Firefox its close lost about one beacon in ten; a window's lost
      // none of 100.
      const tab = await context.newPage({ type: 'window' })
      await tab.goto(url)
      return wrap(browser, tab, kill)
    },
    close: () => closeAll(() => browser.close(), release, closeProxy),
  }
}

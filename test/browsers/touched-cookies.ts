import type { Page } from './engines/engine.ts'

/** Counts in a global how often the page's cookies are read or written, which are none. */
export const countCookies = (): void => {
  for (const pair of document.cookie.split('; ')) document.cookie = `${pair.split('=')[0]}=; path=/; max-age=0`
  const { get, set } = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie') ?? {}
  const touched = { cookies: 0 }
  Object.assign(globalThis, { touched })
  Object.defineProperty(document, 'cookie', {
    get() {
      touched.cookies++
      return get?.call(document)
    },
    set(text) {
      touched.cookies++
      set?.call(document, text)
    },
  })
}
export const touches = (page: Page): Promise<number> =>
  page.evaluate(() => (globalThis as unknown as { touched: { cookies: number } }).touched.cookies)

import type { ClientOptions } from '../client/options.ts'
import type { RenderOptions } from '../dom/render.ts'
import type { ConsentSettings } from './consent.ts'

/** What a page wants: options of its client, and what is done without being told. */
export interface PageSettings extends ClientOptions, ConsentSettings, Pick<RenderOptions, 'nonce' | 'keep' | 'owned'> {
  /**
   * Asks for the offers of the page load, and renders them. What is executed is counted by Target when it decides; with `prefetch` what
   * is really shown is reported, and nothing else. @default true
   */
  pageLoad?: boolean | 'prefetch'
  /** Asks for all views with the page load; without it `triggerView` rejects. @default true */
  views?: boolean
  /**
   * Triggers a view by itself whenever the address changes, named after the path without slashes at its ends, or after the hash
   * without `#` and slashes. @default none
   */
  follow?: 'path' | 'hash'
  /** Mboxes to be asked for with the page load, and where they go: names, also joined by commas, or selectors by name. @default none */
  mboxes?: string | readonly string[] | Readonly<Record<string, string>>
  /** Parameters of the page load and of these mboxes. */
  parameters?: Record<string, string>
  /** Hidden until the answer is there, `timeout` ms at the longest: selectors of plain CSS, joined by commas. @default nothing */
  prehide?: string
  /** How long to wait for elements that are not there yet, in ms. @default 5000 */
  selectorTimeout?: number
  /**
   * What has to happen before anything is rendered: the `load` event of the page, or a promise, such as of a framework that has taken
   * over the HTML of its server. The offers are asked for meanwhile. @default nothing
   */
  renderAfter?: 'load' | PromiseLike<unknown>
  /**
   * Loads the inspector, which shows what was done: `true` from beside the script, else from this address. Without it the parameter
   * `isotarget-inspector` in the page's address loads it from beside the script. @default none
   */
  inspector?: boolean | string
  /** How long to wait for the Experience Cloud ID service, where the page has one, in ms. @default 2000 */
  visitorTimeout?: number
}

/** Names of settings that are numbers. */
const NUMBER = /imeout$|retries|environmentId|Delay|Size|MaxAge|Lifetime|Interval|Ready/

/** The value of an attribute, as the type of its setting. An attribute without a value is true, as in HTML. */
const readSetting = (name: string, text: string): unknown => {
  if (name === 'mboxes') return text
  if (NUMBER.test(name)) return Number(text)
  return { '': true, true: true, false: false }[text] ?? text
}

/** The settings in the `data-` attributes of a script element: `data-organization-id` is `organizationId`. */
export const settingsOf = (script: HTMLOrSVGScriptElement | null): Partial<PageSettings> =>
  Object.fromEntries(
    Object.entries((script as HTMLElement | null)?.dataset ?? {}).map(([name, text = '']) => [
      name,
      readSetting(name, text),
    ]),
  )

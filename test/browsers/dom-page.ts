import type * as Client from '../../src/browser.ts'
import type * as Dom from '../../src/dom.ts'
import type { Browser, Page } from './engines/engine.ts'

declare const dom: typeof Dom

/** What stands in the globals of a page of these tests. */
export interface Here {
  dom: typeof Dom
  isotarget: typeof Client
  /** What was reported by `display` and `click`. */
  reports: Reported[]
  report: Dom.Report
  /** Errors that nobody caught, and violations of the policy. */
  uncaught: string[]
  target: Client.Client
}

/** A call of the report, by what tests look at. */
interface Reported {
  type: 'display' | 'click'
  name?: string | undefined
  tokens: (string | undefined)[]
}

/** An action of an offer, or what stands for one. */
export type AnyAction = Record<string, unknown>

/** What became of a rendering. */
export interface Seen {
  /** Of the body. */
  html: string
  /** In the order of the actions: `shown`, or why not. */
  outcomes: string[]
  reports: Reported[]
  redirect?: string | undefined
}

/** Starts to write down what happens. */
const begin = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    // The load event of a page does not wait for all that a module imports in every engine.
    while (!('dom' in globalThis)) await new Promise((later) => setTimeout(later, 5))
    const here = globalThis as unknown as Here
    here.reports = []
    here.uncaught ??= []
    const write =
      (type: Reported['type']) =>
      (shown: { name?: string }, { options, metrics }: Client.NotificationDetails = {}) => {
        const tokens = (options ?? metrics ?? []).map(({ eventToken }) => eventToken)
        here.reports.push({ type, name: shown.name, tokens })
      }
    here.report = { display: write('display'), click: write('click') }
    addEventListener('error', ({ message }) => here.uncaught.push(message))
    addEventListener('unhandledrejection', ({ reason }) => here.uncaught.push(`${reason}`))
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      here.uncaught.push(`${violatedDirective} ${blockedURI}`),
    )
  })

/** Opens a page and waits until the built files are there. */
export const openDom = async (browser: Browser, url: string): Promise<Page> => {
  const page = await browser.open(url)
  await begin(page)
  return page
}

/** Puts HTML into the body of a page, renders an answer there, and gives what there is afterwards. */
export const renderIn = (
  page: Page,
  { body, answer, options = {} }: { body?: string; answer: object; options?: Dom.RenderOptions },
): Promise<Seen> =>
  page.evaluate(
    async (body: string | null, answer: object, options: Dom.RenderOptions) => {
      const here = globalThis as unknown as Here
      if (body !== null) {
        document.body.innerHTML = body
        here.reports.length = 0
      }
      const { places, redirect } = await dom.render(answer, here.report, options)
      const actions = places.flatMap((place) => place.options.flatMap((option) => option.actions))
      const outcomes = actions.map(({ shown, reason }) => (shown ? 'shown' : (reason ?? 'nothing')))
      return { html: document.body.innerHTML, outcomes, reports: here.reports, redirect }
    },
    body ?? null,
    answer,
    options,
  ) as Promise<Seen>

/** An answer whose page load is executed, with actions. */
export const executed = (...content: AnyAction[]): object => ({
  execute: { pageLoad: { options: [{ type: 'actions', content }] } },
})

/** An answer whose page load is prefetched: each list of actions is an option, with a token. */
export const prefetched = (...options: AnyAction[][]): object => ({
  prefetch: {
    pageLoad: {
      state: 's',
      options: options.map((content, at) => ({ type: 'actions', content, eventToken: `t${at + 1}` })),
    },
  },
})

export const bodyOf = (page: Page): Promise<string> => page.evaluate(() => document.body.innerHTML)

export const uncaughtIn = (page: Page): Promise<string[]> =>
  page.evaluate(() => (globalThis as unknown as Here).uncaught)

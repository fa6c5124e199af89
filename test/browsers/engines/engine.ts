import { setTimeout as sleep } from 'node:timers/promises'

export type EngineName = 'chromium' | 'firefox' | 'webkit'

/** Answers with the port on 127.0.0.1 that serves this host name and port. */
export type PortOf = (name: string, port: number) => number

export interface LaunchOptions {
  /**
   * Lets pages be loaded under any host name, without DNS. `loopback` serves every name from the same port of
   * 127.0.0.1; a function chooses that port, which keeps ports out of the URLs. Both `http:` and `https:` URLs end at
   * a plain HTTP server. `localhost` and 127.0.0.1 keep their port, and Chromium takes `http:` for `https:` under .app
   * and .dev.
   */
  readonly hosts?: 'loopback' | PortOf
  /**
   * Whether a page that is left may be kept as it is for the way back. Unless told, Chromium keeps none, and the
   * others do as they are used to.
   */
  readonly backForwardCache?: boolean
}

interface OpenOptions {
  /** Pages of one profile share cookies and storage. A name that was not used before starts with none. */
  readonly profile?: string
}

export interface Browser {
  readonly version: string
  /** Opens the URL in a tab of its own and waits for its load event. */
  open(url: string, options?: OpenOptions): Promise<Page>
  close(): Promise<void>
}

export interface Page {
  /** Runs the function inside the page: it sees nothing of its surroundings here, and its values travel as JSON. */
  evaluate<Args extends readonly unknown[], Result>(
    fn: (...args: Args) => Result | Promise<Result>,
    ...args: Args
  ): Promise<Result>
  goto(url: string): Promise<void>
  /** Goes back as with the browser's button, to a page that was kept or to one that is loaded again. */
  back(): Promise<void>
  /** Minimizes the window, so that the page is really hidden, and waits until the page knows. */
  hide(): Promise<void>
  /** Brings a hidden page back into sight. */
  show(): Promise<void>
  /**
   * Ends the process that renders the page: no handler runs, and the page object cannot be used any more. The browser,
   * its other pages and what the profile has stored live on. Firefox and WebKit do not say which process that is: it
   * is found on Linux only, and takes the page some 50 ms in which it computes and can do nothing else.
   */
  kill(): Promise<void>
  /** Clicks as a person does, once an element answers to the selector. */
  click(selector: string): Promise<void>
  /** Writes a PNG of what is visible. */
  screenshot(path: string): Promise<void>
  /** Closes the tab as a person does: visibilitychange and pagehide handlers run. */
  close(): Promise<void>
}

export const CLICK_TIMEOUT = 5_000
const STATE_TIMEOUT = 10_000
const POLL = 20

type Evaluate = Page['evaluate']

/** Asks the page until it says yes. A page that is being left or loaded answers with an error. */
export const until = async (evaluate: Evaluate, condition: () => boolean, what: string): Promise<void> => {
  const deadline = performance.now() + STATE_TIMEOUT
  while (!(await evaluate(condition).catch(() => false))) {
    if (performance.now() > deadline) throw new Error(`${what} within ${STATE_TIMEOUT} ms`)
    await sleep(POLL)
  }
}

export const isHidden = (): boolean => document.visibilityState === 'hidden'
export const isVisible = (): boolean => document.visibilityState === 'visible'

/** The drivers' own ways back wait for a load event, which a page that was kept does not fire again. */
export const goBack = async (evaluate: Evaluate): Promise<void> => {
  const leave = (): void => {
    Object.assign(globalThis, { isLeft: true })
    history.back()
  }
  // Its answer may get lost with the page.
  await evaluate(leave).catch(() => {})
  const isElsewhere = (): boolean => !('isLeft' in globalThis) && document.readyState === 'complete'
  await until(evaluate, isElsewhere, 'the page did not go back')
}

/**
 * One expression for all engines, because they differ in how they carry `undefined`, dates and thrown errors over the
 * wire. Its value is a promise of a JSON text.
 */
export const expressionOf = (fn: (...args: never[]) => unknown, args: readonly unknown[]): string =>
  `(async () => {
    try {
      return JSON.stringify({ value: await (${fn.toString()})(...${JSON.stringify(args)}) })
    } catch (error) {
      return JSON.stringify({ error: String(error), stack: error?.stack })
    }
  })()`

/** Turns the JSON text of `expressionOf` back into the function's value, or throws what it threw. */
export const resultOf = <Result>(json: unknown): Result => {
  const outcome = JSON.parse(String(json)) as { value: Result; error?: string; stack?: string }
  if (outcome.error === undefined) return outcome.value
  throw new Error(outcome.error, { cause: outcome.stack })
}

/** Runs the steps to the end even when one fails, so that nothing is left running; then tells the first failure. */
export const closeAll = async (...steps: (() => Promise<unknown> | unknown)[]): Promise<void> => {
  const failures: unknown[] = []
  for (const step of steps) {
    try {
      await step()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}

/** Ends what was started before a step that failed. */
export const orClose = async <Value>(
  step: Promise<Value>,
  ...closing: (() => Promise<unknown> | unknown)[]
): Promise<Value> => {
  try {
    return await step
  } catch (error) {
    await closeAll(...closing).catch(() => {})
    throw error
  }
}

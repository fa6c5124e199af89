import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { busyProcess, compute } from './busy-process.ts'
import { expressionOf, goBack, isHidden, isVisible, type Page, resultOf, until } from './engine.ts'
import type { Send } from './webdriver.ts'
import type { XServer } from './x-server.ts'

/** Sends commands to one window, none of them between those of another. */
export type InWindow = <Value>(handle: string, steps: (send: Send) => Promise<Value>) => Promise<Value>

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'
const SLOTS = 'window.__evaluations'
const POLL = 10
/** Until a program has noticed that nobody sees its window, in ms. */
const UNSEEN = 150

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
export const visit = async (send: Send, url: string): Promise<void> => {
  await send('POST', '/url', { url })
  const arrived = await send<string>('GET', '/url')
  if (arrived === 'about:blank' && url !== arrived) throw new Error(`${url} could not be loaded`)
}

export interface Shown {
  readonly inWindow: InWindow
  readonly handle: string
  /** A page that stays. */
  readonly first: string
  readonly x: XServer
  /** The X server's name of the page's window. */
  readonly window: number
  /** The driver's process, from which the browser's descend. */
  readonly root: number
}

/** Takes a window from a program that does not move; it would fail to draw in one that is still seen. */
const takeAway = async ({ x, window }: Shown): Promise<void> => {
  await x.hide(window)
  await sleep(UNSEEN)
  await x.destroy(window)
}

/**
 * WebKit ends a session with the crash of a page. So the process is stopped, the window taken away, and the process
 * killed when no page is in it any more.
 */
const kill = async (shown: Shown): Promise<void> => {
  const { inWindow, first, handle, root } = shown
  await inWindow(handle, (send) => send('POST', '/execute/sync', script(`(${compute.toString()})()`)))
  const pid = await busyProcess(root)
  process.kill(pid, 'SIGSTOP')
  await takeAway(shown)
  const isOpen = async (): Promise<boolean> =>
    (await inWindow(first, (send) => send<string[]>('GET', '/window/handles'))).includes(handle)
  while (await isOpen()) await sleep(POLL)
  process.kill(pid, 'SIGKILL')
}

export const webkitPage = (shown: Shown): Page => {
  const { inWindow, handle, x, window } = shown
  const evaluateHere: Page['evaluate'] = async (fn, ...args) =>
    resultOf(await evaluate(inWindow, handle, expressionOf(fn, args)))
  return {
    evaluate: evaluateHere,
    back: () => goBack(evaluateHere),
    hide: async () => {
      await x.hide(window)
      await until(evaluateHere, isHidden, 'the page was not hidden')
    },
    show: async () => {
      await x.show(window)
      await until(evaluateHere, isVisible, 'the page was not shown')
    },
    kill: () => kill(shown),
    goto: (url) => inWindow(handle, (send) => visit(send, url)),
    click: (selector) =>
      inWindow(handle, async (send) => {
        const element = await send<Record<string, string>>('POST', '/element', {
          using: 'css selector',
          value: selector,
        })
        await send('POST', `/element/${element[ELEMENT]}/click`, {})
      }),
    screenshot: async (path) => {
      const base64 = await inWindow(handle, (send) => send<string>('GET', '/screenshot'))
      await writeFile(path, base64, 'base64')
    },
    close: () => inWindow(handle, (send) => send('DELETE', '/window')),
  }
}

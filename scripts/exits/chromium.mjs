import { expressionOf, resultOf } from '../../test/browsers/engines/engine.ts'
import { start } from './processes.mjs'
import { openSocket } from './socket.mjs'

const FLAGS = [
  '--headless=new',
  '--remote-debugging-port=0',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-features=BackForwardCache',
]

/** Resolves with the first message of a kind. */
const next = (socket, isIt) =>
  new Promise((resolve) => {
    const stop = socket.listen((message) => {
      if (!isIt(message)) return
      stop()
      resolve(message)
    })
  })

const attach = async (socket, url) => {
  const { targetId } = await socket.send('Target.createTarget', { url: 'about:blank', newWindow: true })
  const { sessionId } = await socket.send('Target.attachToTarget', { targetId, flatten: true })
  const send = (method, params) => socket.send(method, params, { sessionId })
  await send('Page.enable')
  const goto = async (address) => {
    const loaded = next(
      socket,
      (message) => message.sessionId === sessionId && message.method === 'Page.loadEventFired',
    )
    const { errorText } = await send('Page.navigate', { url: address })
    if (errorText && errorText !== 'net::ERR_ABORTED') throw new Error(`${address}: ${errorText}`)
    await loaded
  }
  const setWindow = async (windowState) => {
    const { windowId } = await send('Browser.getWindowForTarget', { targetId })
    await send('Browser.setWindowBounds', { windowId, bounds: { windowState } })
  }
  await goto(url)
  return {
    goto,
    evaluate: async (fn, ...args) => {
      const expression = expressionOf(fn, args)
      const { result } = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
      return resultOf(result.value)
    },
    hide: () => setWindow('minimized'),
    show: () => setWindow('normal'),
    close: async () => {
      const gone = next(
        socket,
        ({ method, params }) => method === 'Target.detachedFromTarget' && params.sessionId === sessionId,
      )
      await send('Page.close')
      await gone
    },
  }
}

export const launch = async (executable, { profile }) => {
  const program = await start(executable, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {
    ready: /DevTools listening on (ws:\S+)/,
  })
  const socket = await openSocket(program.found[1])
  const { product } = await socket.send('Browser.getVersion')
  return {
    pid: program.pid,
    version: product.replace(/^.*\//, 'Chromium '),
    open: (url) => attach(socket, url),
    killAll: program.killAll,
    close: async () => {
      await socket.send('Browser.close').catch(() => {})
      await program.ended
    },
  }
}

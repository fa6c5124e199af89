import { expressionOf, resultOf } from '../../test/browsers/engines/engine.ts'
import { childrenOf, kill, start } from './processes.mjs'
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

const untilLoaded = (socket, sessionId) =>
  new Promise((resolve) => {
    const stop = socket.listen((message) => {
      if (message.sessionId !== sessionId || message.method !== 'Page.loadEventFired') return
      stop()
      resolve()
    })
  })

const attach = async (socket, url) => {
  const { targetId } = await socket.send('Target.createTarget', { url: 'about:blank', newWindow: true })
  const { sessionId } = await socket.send('Target.attachToTarget', { targetId, flatten: true })
  const send = (method, params) => socket.send(method, params, { sessionId })
  await send('Page.enable')
  const notCached = []
  socket.listen((message) => {
    if (message.sessionId !== sessionId || message.method !== 'Page.backForwardCacheNotUsed') return
    notCached.push(message.params.notRestoredExplanations.map(({ reason }) => reason))
  })
  const visit = async (address) => {
    const loaded = untilLoaded(socket, sessionId)
    const { errorText } = await send('Page.navigate', { url: address })
    if (errorText && errorText !== 'net::ERR_ABORTED') throw new Error(`${address}: ${errorText}`)
    await loaded
  }
  const run = async (expression) => {
    const { result } = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
    return result.value
  }
  await visit(url)
  return {
    notCached,
    run,
    goto: visit,
    evaluate: async (fn, ...args) => resultOf(await run(expressionOf(fn, args))),
    show: () => send('Page.bringToFront'),
    minimize: async (windowState) => {
      const { windowId } = await send('Browser.getWindowForTarget', { targetId })
      await send('Browser.setWindowBounds', { windowId, bounds: { windowState } })
    },
    crash: () => void send('Page.crash').catch(() => {}),
    close: async () => {
      const gone = new Promise((resolve) => {
        const stop = socket.listen(({ method, params }) => {
          if (method !== 'Target.detachedFromTarget' || params.sessionId !== sessionId) return
          stop()
          resolve()
        })
      })
      await send('Page.close')
      await gone
    },
  }
}

const isRenderer = ({ args }) => args.includes('--type=renderer')

export const launch = async (executable, { profile }) => {
  const program = await start(executable, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {
    ready: /DevTools listening on (ws:\S+)/,
  })
  const socket = await openSocket(program.found[1])
  const { product } = await socket.send('Browser.getVersion')
  const renderers = () =>
    childrenOf(program.pid)
      .filter(isRenderer)
      .map(({ pid }) => pid)
  return {
    lanes: 4,
    version: product,
    open: (url) => attach(socket, url),
    renderers,
    killRenderers: () => kill(...renderers()),
    killAll: program.killAll,
    close: async () => {
      await socket.send('Browser.close').catch(() => {})
      await program.ended
    },
  }
}

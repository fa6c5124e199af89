import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expressionOf, resultOf } from '../../test/browsers/engines/engine.ts'
import { childrenOf, kill, start } from './processes.mjs'

const isRenderer = ({ name }) => name.startsWith('WebKitWebProces')
const renderersOf = (pid) =>
  childrenOf(pid)
    .filter(isRenderer)
    .map(({ pid: id }) => id)

export const startDisplay = async (command) => {
  const args = ['-displayfd', '1', '-screen', '0', '1280x800x24', '-nolisten', 'tcp']
  const program = await start(command, args, { ready: /^(\d+)\s/ })
  return { display: `:${program.found[1]}`, close: program.killAll }
}

const environment = (display) => ({ DISPLAY: display, GDK_BACKEND: 'x11', LIBGL_ALWAYS_SOFTWARE: '1' })

const sender = (origin) => async (method, path, body) => {
  const response = await fetch(origin + path, { method, ...(body && { body: JSON.stringify(body) }) })
  const { value } = await response.json()
  if (!response.ok) throw new Error(`${method} ${path}: ${value.error} ${value.message}`)
  return value
}

/** The driver has one current window and serves one command at a time. */
const inTurns = () => {
  let last = Promise.resolve()
  return (steps) => {
    const turn = last.then(steps)
    last = turn.catch(() => {})
    return turn
  }
}

const attach = async ({ send, turn, first }, { url, type }) => {
  const handle = await turn(async () => {
    await send('POST', '/window', { handle: first })
    return (await send('POST', '/window/new', { type })).handle
  })
  const inWindow = (method, path, body) =>
    turn(async () => {
      await send('POST', '/window', { handle })
      return send(method, path, body)
    })
  const visit = async (address) => void (await inWindow('POST', '/url', { url: address }))
  const script = `const done = arguments[arguments.length - 1]; (0, eval)(arguments[0]).then(done, (error) => done(JSON.stringify({ error: String(error) })))`
  const run = (expression) => inWindow('POST', '/execute/async', { script, args: [expression] })
  await visit(url)
  return {
    run,
    goto: visit,
    evaluate: async (fn, ...args) => resultOf(await run(expressionOf(fn, args))),
    show: () => turn(() => send('POST', '/window', { handle })),
    minimize: (state) =>
      inWindow('POST', state === 'minimized' ? '/window/minimize' : '/window/rect', { width: 900, height: 700 }),
    close: () => inWindow('DELETE', '/window'),
  }
}

/** Under automation, which has a store of its own that no restart finds again. */
export const launch = async ({ driver, miniBrowser }, { display }) => {
  const port = 30_000 + Math.floor(Math.random() * 20_000)
  const program = await start(driver, [`--port=${port}`], { env: environment(display) })
  const send = sender(`http://127.0.0.1:${port}`)
  for (let tries = 0; tries < 100 && !(await send('GET', '/status').catch(() => undefined)); tries++) await sleep(50)
  const alwaysMatch = { 'webkitgtk:browserOptions': { binary: miniBrowser, args: ['--automation'] } }
  const { sessionId, capabilities } = await send('POST', '/session', { capabilities: { alwaysMatch } })
  const inSession = (method, path, body) => send(method, `/session/${sessionId}${path}`, body)
  const session = { send: inSession, turn: inTurns(), first: await inSession('GET', '/window') }
  const renderers = () => renderersOf(program.pid)
  return {
    lanes: 4,
    version: `WebKitGTK/${capabilities.browserVersion}`,
    open: (url, { type = 'window' } = {}) => attach(session, { url, type }),
    renderers,
    killRenderers: () => kill(...renderers()),
    killAll: program.killAll,
    close: async () => {
      await Promise.race([inSession('DELETE', '').catch(() => {}), sleep(3000)])
      await program.killAll()
    },
  }
}

const FOLDERS = { XDG_DATA_HOME: 'data', XDG_CACHE_HOME: 'cache', XDG_CONFIG_HOME: 'config' }

/** Resolves with the page once it asks for what to do. */
const driven = async (lab, tab, isOver) => {
  for (let tries = 0; tries < 400 && !isOver() && !lab.desk.arrived.has(tab); tries++) await sleep(25)
  if (!lab.desk.arrived.has(tab)) throw new Error('MiniBrowser showed no page')
  const run = (expression) => lab.desk.tell(tab, expression)
  const evaluate = async (fn, ...args) => resultOf(await run(expressionOf(fn, args)))
  return { run, evaluate, close: () => evaluate(() => void setTimeout(() => close())) }
}

/** As a person has it: with a store on disk. Pages ask for what to do, because nothing else can reach them. */
export const launchLasting = async ({ miniBrowser }, { display, profile, lab }) => {
  let count = 0
  const pathOf = (tab) => `/driven?tab=${tab}`
  const named = () => `${profile.slice(-6)}-${process.hrtime.bigint()}-${++count}`
  const env = { ...environment(display), HOME: profile }
  for (const [name, path] of Object.entries(FOLDERS)) {
    env[name] = join(profile, path)
    mkdirSync(env[name], { recursive: true })
  }
  const name = named()
  const args = ['--javascript-can-open-windows-automatically=true', lab.site + pathOf(name)]
  const program = await start(miniBrowser, args, { env })
  let isOver = false
  program.ended.then(() => {
    isOver = true
  })
  try {
    const tab = await driven(lab, name, () => isOver)
    const open = async () => {
      const other = named()
      await tab.evaluate((path) => void window.open(path, '_blank', 'noopener'), pathOf(other))
      return driven(lab, other, () => isOver)
    }
    const renderers = () => renderersOf(program.pid)
    return {
      tab,
      open,
      renderers,
      killRenderers: () => kill(...renderers()),
      killAll: program.killAll,
      close: program.killAll,
    }
  } catch (error) {
    await program.killAll()
    throw error
  }
}

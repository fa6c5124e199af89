import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expressionOf, resultOf } from '../../test/browsers/engines/engine.ts'
import { startGuarded } from '../../test/browsers/engines/guarded-process.ts'
import { startWebDriver } from '../../test/browsers/engines/webdriver.ts'
import { createTurns, within } from './lanes.mjs'
import { start } from './processes.mjs'

export const startDisplay = async (command) => {
  const args = ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp']
  const { channel, stop } = startGuarded(command, args)
  const [number] = await once(channel, 'data')
  return { display: `:${String(number).trim()}`, close: stop }
}

const environment = (display) => ({ DISPLAY: display, GDK_BACKEND: 'x11', LIBGL_ALWAYS_SOFTWARE: '1' })

const SCRIPT = `const done = arguments[arguments.length - 1];
(0, eval)(arguments[0]).then(done, (error) => done(JSON.stringify({ error: String(error) })))`

/** The driver has one current window and serves one command at a time. */
const attach = async ({ send, turn, first }, url) => {
  const handle = await turn(async () => {
    await send('POST', '/window', { handle: first })
    return (await send('POST', '/window/new', { type: 'window' })).handle
  })
  const inWindow = (method, path, body) =>
    turn(async () => {
      await send('POST', '/window', { handle })
      return send(method, path, body)
    })
  const goto = async (address) => void (await inWindow('POST', '/url', { url: address }))
  await goto(url)
  return {
    goto,
    evaluate: async (fn, ...args) =>
      resultOf(await inWindow('POST', '/execute/async', { script: SCRIPT, args: [expressionOf(fn, args)] })),
    hide: () => inWindow('POST', '/window/minimize', {}),
    show: () => inWindow('POST', '/window/rect', { width: 900, height: 700 }),
    close: () => inWindow('DELETE', '/window'),
  }
}

/** Under automation, which has a store of its own that no restart finds again, and ends with the first page that crashes. */
export const launch = async ({ driver, miniBrowser }, { display }) => {
  const { pid, send, stop } = await startWebDriver(driver, environment(display))
  const alwaysMatch = { 'webkitgtk:browserOptions': { binary: miniBrowser, args: ['--automation'] } }
  const { sessionId, capabilities } = await send('POST', '/session', { capabilities: { alwaysMatch } })
  const inSession = (method, path, body) => send(method, `/session/${sessionId}${path}`, body)
  const session = { send: inSession, turn: createTurns(), first: await inSession('GET', '/window') }
  return {
    pid,
    version: `WebKitGTK ${capabilities.browserVersion}`,
    open: (url) => attach(session, url),
    close: async () => {
      await Promise.race([inSession('DELETE', '').catch(() => {}), sleep(3000)])
      await stop()
    },
  }
}

const FOLDERS = { XDG_DATA_HOME: 'data', XDG_CACHE_HOME: 'cache', XDG_CONFIG_HOME: 'config' }

/** Resolves with the page once it asks for what to do. */
const driven = async (lab, tab, isOver) => {
  for (let tries = 0; tries < 400 && !isOver() && !lab.desk.arrived.has(tab); tries++) await sleep(25)
  if (!lab.desk.arrived.has(tab)) throw new Error('MiniBrowser showed no page')
  const evaluate = async (fn, ...args) => resultOf(await lab.desk.tell(tab, expressionOf(fn, args)))
  // The page may be gone before its answer is.
  return {
    evaluate,
    close: () =>
      within(
        evaluate(() => void setTimeout(() => close(), 50)),
        1000,
      ),
  }
}

/** As a person has it: with a store on disk. Pages ask for what to do, because nothing else can reach them. */
export const launchLasting = async ({ miniBrowser }, { display, profile, lab }) => {
  const env = { ...environment(display), HOME: profile }
  for (const [name, path] of Object.entries(FOLDERS)) {
    env[name] = join(profile, path)
    mkdirSync(env[name], { recursive: true })
  }
  const name = lab.newId()
  const args = ['--javascript-can-open-windows-automatically=true', `${lab.elsewhere}/driven?tab=${name}`]
  const program = await start(miniBrowser, args, { env })
  let isOver = false
  program.ended.then(() => {
    isOver = true
  })
  try {
    const opener = await driven(lab, name, () => isOver)
    const openOnce = async (url) => {
      const other = lab.newId()
      const address = `${new URL(url).origin}/driven?tab=${other}`
      await opener.evaluate((there) => void window.open(there, '_blank', 'noopener'), address)
      return driven(lab, other, () => isOver)
    }
    // A new window may be given the process of one that was just killed.
    const open = (url) => openOnce(url).catch(() => openOnce(url))
    return { pid: program.pid, open, killAll: program.killAll, close: program.killAll }
  } catch (error) {
    await program.killAll()
    throw error
  }
}

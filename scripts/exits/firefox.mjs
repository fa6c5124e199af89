import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expressionOf, resultOf } from '../../test/browsers/engines/engine.ts'
import { start } from './processes.mjs'
import { openSocket } from './socket.mjs'

const PREFERENCES = {
  'app.update.disabledForTesting': true,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'browser.startup.homepage': 'about:blank',
  'browser.sessionstore.resume_from_crash': false,
  'browser.tabs.warnOnClose': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.startup.max_resumed_crashes': -1,
  'toolkit.telemetry.server': '',
}

const PROCESS_PER_TAB = { 'fission.webContentIsolationStrategy': 0, 'dom.ipc.processCount': 64 }

const attach = async (socket, url, reference) => {
  const create = (beside) =>
    socket.send('browsingContext.create', {
      type: beside ? 'tab' : 'window',
      ...(beside && { referenceContext: beside }),
    })
  const { context } = await create(reference)
  const goto = async (address) =>
    void (await socket.send('browsingContext.navigate', { context, url: address, wait: 'complete' }))
  // Unload prompts are what a person's close goes through.
  const close = () => socket.send('browsingContext.close', { context, promptUnload: true })
  await goto(url)
  let cover
  return {
    context,
    goto,
    evaluate: async (fn, ...args) => {
      const expression = expressionOf(fn, args)
      const { result } = await socket.send('script.evaluate', { expression, target: { context }, awaitPromise: true })
      return resultOf(result.value)
    },
    // A headless window cannot be minimized: another tab comes to the front.
    hide: async () => {
      cover ??= (await create(context)).context
      await socket.send('browsingContext.activate', { context: cover })
    },
    show: () => socket.send('browsingContext.activate', { context }),
    close: async () => {
      await close()
      if (cover) await socket.send('browsingContext.close', { context: cover })
    },
  }
}

export const launch = async (executable, { profile, isProcessPerTab }) => {
  const preferences = { ...PREFERENCES, ...(isProcessPerTab && PROCESS_PER_TAB) }
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  )
  await writeFile(join(profile, 'user.js'), lines.join('\n'))
  const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0', 'about:blank']
  const program = await start(executable, args, { ready: /WebDriver BiDi listening on (ws:\S+)/ })
  const socket = await openSocket(`${program.found[1]}/session`)
  const { capabilities } = await socket.send('session.new', {
    capabilities: { alwaysMatch: { unhandledPromptBehavior: { default: 'accept' } } },
  })
  return {
    pid: program.pid,
    hasTabs: true,
    version: `Firefox ${capabilities.browserVersion}`,
    open: (url, beside) => attach(socket, url, beside?.context),
    killAll: program.killAll,
    close: async () => {
      await socket.send('browser.close').catch(() => {})
      await program.ended
    },
  }
}

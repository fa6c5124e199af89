import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expressionOf, resultOf } from '../../test/browsers/engines/engine.ts'
import { childrenOf, kill, start } from './processes.mjs'
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

const attach = async (socket, url, reference) => {
  const { context } = await socket.send('browsingContext.create', {
    type: reference ? 'tab' : 'window',
    ...(reference && { referenceContext: reference }),
  })
  const visit = async (address) =>
    void (await socket.send('browsingContext.navigate', { context, url: address, wait: 'complete' }))
  const run = async (expression) => {
    const { result } = await socket.send('script.evaluate', { expression, target: { context }, awaitPromise: true })
    return result.value
  }
  await visit(url)
  return {
    context,
    run,
    goto: visit,
    evaluate: async (fn, ...args) => resultOf(await run(expressionOf(fn, args))),
    show: () => socket.send('browsingContext.activate', { context }),
    // Unload prompts are what a person's close goes through.
    close: () => socket.send('browsingContext.close', { context, promptUnload: true }),
  }
}

const isRenderer = ({ name }) => /^(Isolated Web|Web Content)/.test(name)

export const launch = async (executable, { profile, preferences }) => {
  const lines = Object.entries({ ...PREFERENCES, ...preferences }).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  )
  await writeFile(join(profile, 'user.js'), lines.join('\n'))
  const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0', 'about:blank']
  const program = await start(executable, args, { ready: /WebDriver BiDi listening on (ws:\S+)/ })
  const socket = await openSocket(`${program.found[1]}/session`)
  const { capabilities } = await socket.send('session.new', {
    capabilities: { alwaysMatch: { unhandledPromptBehavior: { default: 'accept' } } },
  })
  const renderers = () =>
    childrenOf(program.pid)
      .filter(isRenderer)
      .map(({ pid }) => pid)
  return {
    hasTabs: true,
    lanes: 6,
    version: `Firefox/${capabilities.browserVersion}`,
    open: (url, beside) => attach(socket, url, beside?.context),
    renderers,
    killRenderers: () => kill(...renderers()),
    killAll: program.killAll,
    close: async () => {
      await socket.send('browser.close').catch(() => {})
      await program.ended
    },
  }
}

// What `npm test` runs, one stage after the other; the first failing one ends it.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const report = join(root, 'node_modules', '.cache', 'isotarget', 'vitest.json')
const script = (name) => join(root, 'scripts', name)

/** npm tells its scripts where it is; without that, npm is a batch file on Windows and needs a shell. */
const npm = (...args) => {
  const npmScript = process.env.npm_execpath
  return npmScript && /\bnpm-cli\.[cm]?js$/.test(npmScript)
    ? { command: process.execPath, args: [npmScript, ...args] }
    : { command: 'npm', args, shell: process.platform === 'win32' }
}
const node = (...args) => ({ command: process.execPath, args })

const vitest = () => {
  mkdirSync(dirname(report), { recursive: true })
  rmSync(report, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  return node(join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...reporters)
}

const stages = [
  { name: 'browsers', start: () => node(script('ensure-browsers.mjs')) },
  { name: 'runtimes', start: () => node(script('ensure-runtimes.mjs')) },
  { name: 'build', start: () => npm('run', 'build') },
  ...(existsSync(script('check.mjs')) ? [{ name: 'check', start: () => node(script('check.mjs')) }] : []),
  { name: 'tests', start: vitest },
]

let running
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  // Stays until the stage is over, so that vitest can close its browsers.
  process.on(signal, () => running?.kill(signal))
}

const run = ({ command, args, shell = false }) =>
  new Promise((resolve) => {
    running = spawn(command, args, { cwd: root, shell, stdio: ['ignore', 'inherit', 'inherit'] })
    running.on('error', (error) => {
      console.error(error.message)
      resolve(1)
    })
    running.on('close', (code) => resolve(code ?? 1))
  })

/** A file that cannot even be loaded has no failed tests of its own, so it counts as one. */
const failuresOf = ({ status, assertionResults }) => {
  const failed = assertionResults.filter((test) => test.status === 'failed').length
  return status === 'failed' ? Math.max(failed, 1) : failed
}

const tally = (code) => {
  const results = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { testResults: [] }
  const tests = results.testResults.flatMap((file) => file.assertionResults)
  const passed = tests.filter((test) => test.status === 'passed').length
  const failed = results.testResults.reduce((sum, file) => sum + failuresOf(file), 0)
  const skipped = tests.filter((test) => !['passed', 'failed'].includes(test.status)).length
  // Their first attempt has left its message.
  const again = tests.filter(({ status, failureMessages = [] }) => status === 'passed' && failureMessages.length)
  for (const { fullName, failureMessages } of again)
    console.log(`only at the second attempt: ${fullName}: ${failureMessages[0].split('\n')[0]}`)
  if (code !== 0 && failed === 0)
    console.log(`vitest ended with ${code} outside of any test, which counts as one failure`)
  const counts = [`${passed} passed`, `${code === 0 ? failed : Math.max(failed, 1)} failed`]
  return [...counts, ...(skipped > 0 ? [`${skipped} skipped`] : [])].join(', ')
}

let code = 0
for (const [index, { name, start }] of stages.entries()) {
  console.log(`\n=== ${index + 1}/${stages.length} ${name} ===`)
  const started = performance.now()
  code = await run(start())
  const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`
  console.log(`${name} ${code === 0 ? 'done' : 'failed'} in ${seconds}`)
  if (name === 'tests') console.log(`\n${tally(code)}`)
  if (code !== 0) break
}
process.exitCode = code

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The same shop as an app of your framework: a folder here each. */
export const EXAMPLES = ['express', 'hono', 'next', 'sveltekit', 'vue']

/** The oldest Node.js for an example that asks for more than the package does. */
const OLDEST = { sveltekit: '22.17.0' }

/** The Node.js that an example needs, where this one is too old. */
export const missingNode = (example) => {
  const oldest = OLDEST[example]
  return oldest?.localeCompare(process.versions.node, 'en', { numeric: true }) > 0 ? oldest : undefined
}

/** Runs a script of an example's package.json as npm would, with this very Node.js; undefined where it has no such script. */
export const runScript = (example, script, { env, stdio }) => {
  const cwd = join(root, 'demo', example)
  const command = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')).scripts[script]
  if (!command) return
  const PATH = [dirname(process.execPath), join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter)
  // The last program takes the place of the shell, so that signals reach it.
  const line = process.platform === 'win32' ? command : command.replace(/^(.*&& )?/, '$1exec ')
  return spawn(line, {
    cwd,
    shell: true,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env, PATH },
    stdio,
  })
}

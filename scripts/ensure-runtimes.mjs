// Usage: node scripts/ensure-runtimes.mjs
// Finds the JavaScript runtimes that the tests run the built files in, and fetches the missing ones from the npm registry.
import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { installProgram, nodeProgram, PINNED_NODE, pathOf } from './npm-binary.mjs'

const { arch, env, platform } = process
const here = `${platform}-${arch}`

/** Names of platforms as each project writes them; a platform that is not here has no binary. */
const packages = {
  bun: {
    'linux-x64': '@oven/bun-linux-x64',
    'linux-arm64': '@oven/bun-linux-aarch64',
    'darwin-x64': '@oven/bun-darwin-x64',
    'darwin-arm64': '@oven/bun-darwin-aarch64',
    'win32-x64': '@oven/bun-windows-x64',
  },
  deno: {
    'linux-x64': '@deno/linux-x64-glibc',
    'linux-arm64': '@deno/linux-arm64-glibc',
    'darwin-x64': '@deno/darwin-x64',
    'darwin-arm64': '@deno/darwin-arm64',
    'win32-x64': '@deno/win32-x64',
  },
  workerd: {
    'linux-x64': '@cloudflare/workerd-linux-64',
    'linux-arm64': '@cloudflare/workerd-linux-arm64',
    'darwin-x64': '@cloudflare/workerd-darwin-64',
    'darwin-arm64': '@cloudflare/workerd-darwin-arm64',
    'win32-x64': '@cloudflare/workerd-windows-64',
  },
}

/** Macs with Arm have few versions of Node on npm. */
const nodePlatforms = ['linux-x64', 'linux-arm64', 'darwin-x64', 'win32-x64']
const node = (version) => ({
  ...nodeProgram(version),
  title: 'Node.js',
  isPublished: nodePlatforms.includes(here) || (here === 'darwin-arm64' && version === '26.10.0'),
})
const program = (name, { title, version, file }) => {
  const packageName = packages[name][here]
  return { name, title, version, file, package: packageName ?? '', isPublished: Boolean(packageName) }
}

/** Each in the one version that is tested. */
export const runtimes = {
  node20: node('20.20.2'),
  node22: node('22.23.3'),
  node24: node(PINNED_NODE),
  node26: node('26.10.0'),
  bun: program('bun', { title: 'Bun', version: '1.4.5', file: 'bin/bun' }),
  deno: program('deno', { title: 'Deno', version: '2.9.5', file: 'deno' }),
  workerd: program('workerd', { title: 'workerd', version: '1.20261023.1', file: 'bin/workerd' }),
}

const isThere = (runtime) => runtime.isPublished && existsSync(pathOf(runtime))

/** Only looks, fetches nothing. A runtime that is not there has no key. */
export const findRuntimes = () =>
  Object.fromEntries(
    Object.entries(runtimes)
      .filter(([, runtime]) => isThere(runtime))
      .map(([id, runtime]) => [id, pathOf(runtime)]),
  )

const nameOf = ({ title, version }) => `${title} ${version}`

/** Resolves with true when a runtime that should be there is not. */
const ensure = async (runtime) => {
  const name = nameOf(runtime)
  if (!runtime.isPublished) {
    console.log(`${name}: not available because npm has no binary of it for ${here}`)
    return false
  }
  if (isThere(runtime)) {
    console.log(`${name}: found`)
    return false
  }
  const started = performance.now()
  const failure = await installProgram(runtime)
  const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`
  console.log(
    failure ? `${name}: not available because ${failure}` : `${name}: fetched as ${runtime.package} (${seconds})`,
  )
  return Boolean(failure)
}

const main = async () => {
  const missing = []
  const waiting = Object.values(runtimes)
  const work = async () => {
    for (let runtime = waiting.shift(); runtime; runtime = waiting.shift()) {
      if (await ensure(runtime)) missing.push(nameOf(runtime))
    }
  }
  // Downloads, and unpacking on the other core.
  await Promise.all([work(), work()])
  if (missing.length === 0) return
  if (env.CI) {
    console.error(`In CI every runtime has to be tested, and ${missing.join(', ')} could not be fetched.`)
    process.exitCode = 1
  } else {
    console.log(`The tests of runtimes skip ${missing.join(', ')}.`)
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url))) await main()

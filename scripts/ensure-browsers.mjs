// Usage: node scripts/ensure-browsers.mjs
// Finds the three browser engines that the browser tests drive and installs the missing ones from Debian when it may.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const { env, platform } = process
const onPath = (name) => (env.PATH ?? '').split(delimiter).map((folder) => join(folder, name))

/** Folders of `parent`, newest version first, so that an old browser in a cache is not preferred. */
const versionsIn = (parent) => {
  try {
    const byVersion = new Intl.Collator('en', { numeric: true }).compare
    return readdirSync(parent).sort(byVersion).reverse()
  } catch {
    return []
  }
}

const caches = (tool) => [
  join(homedir(), '.cache', tool),
  join(homedir(), 'Library', 'Caches', tool),
  ...(env.LOCALAPPDATA ? [join(env.LOCALAPPDATA, tool)] : []),
]

const chromeForTesting = 'Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing'

const playwrightChromium = () =>
  [...(env.PLAYWRIGHT_BROWSERS_PATH ? [env.PLAYWRIGHT_BROWSERS_PATH] : []), ...caches('ms-playwright')].flatMap(
    (cache) =>
      versionsIn(cache)
        .filter((name) => name.startsWith('chromium-'))
        .flatMap((name) =>
          [
            ...['chrome-linux/chrome', 'chrome-linux64/chrome', 'chrome-win/chrome.exe', 'chrome-win64/chrome.exe'],
            ...['chrome-mac', 'chrome-mac-arm64', 'chrome-mac-x64'].flatMap((folder) => [
              `${folder}/${chromeForTesting}`,
              `${folder}/Chromium.app/Contents/MacOS/Chromium`,
            ]),
          ].map((file) => join(cache, name, file)),
        ),
  )

const puppeteerFirefox = () =>
  [join(homedir(), '.cache', 'puppeteer')].flatMap((cache) =>
    versionsIn(join(cache, 'firefox')).flatMap((name) =>
      ['firefox/firefox', 'Firefox.app/Contents/MacOS/firefox', 'core/firefox.exe'].map((file) =>
        join(cache, 'firefox', name, file),
      ),
    ),
  )

const applications = (name) => ['/Applications', join(homedir(), 'Applications')].map((folder) => join(folder, name))
const programs = (name) =>
  [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(Boolean).map((folder) => join(folder, name))

const firstExisting = (candidates) => candidates.find((file) => existsSync(file))

// A path that somebody set is taken alone: silently driving another browser would answer another question.
const findChromium = () =>
  firstExisting(
    env.CHROME_PATH
      ? [env.CHROME_PATH]
      : [
          ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].flatMap(onPath),
          ...applications('Google Chrome.app/Contents/MacOS/Google Chrome'),
          ...applications('Chromium.app/Contents/MacOS/Chromium'),
          ...programs('Google/Chrome/Application/chrome.exe'),
          ...playwrightChromium(),
        ],
  )

const findFirefox = () =>
  firstExisting(
    env.FIREFOX_PATH
      ? [env.FIREFOX_PATH]
      : [
          ...['firefox-esr', 'firefox'].flatMap(onPath),
          ...applications('Firefox.app/Contents/MacOS/firefox'),
          ...programs('Mozilla Firefox/firefox.exe'),
          ...puppeteerFirefox(),
        ],
  )

const findWebkit = () => {
  const libraries = ['/usr/lib', ...versionsIn('/usr/lib').map((name) => join('/usr/lib', name)), '/usr/libexec']
  const builds = ['webkit2gtk-4.1', 'webkitgtk-6.0', 'webkit2gtk-4.0']
  const driver = firstExisting(onPath('WebKitWebDriver'))
  const xvfb = firstExisting(onPath('Xvfb'))
  const miniBrowser = firstExisting(
    builds.flatMap((build) => libraries.map((folder) => join(folder, build, 'MiniBrowser'))),
  )
  return platform === 'linux' && driver && miniBrowser && xvfb ? { driver, miniBrowser, xvfb } : undefined
}

const finders = { chromium: findChromium, firefox: findFirefox, webkit: findWebkit }

/** Only looks, installs nothing. An engine that is not there has no key. */
export const findBrowsers = () =>
  Object.fromEntries(
    Object.entries(finders)
      .map(([name, find]) => [name, find()])
      .filter(([, found]) => found),
  )

const packages = {
  chromium: ['chromium'],
  firefox: ['firefox-esr'],
  webkit: ['webkit2gtk-driver', 'libwebkit2gtk-4.1-0', 'xvfb'],
}
const overrides = { chromium: 'CHROME_PATH', firefox: 'FIREFOX_PATH' }
const hints = {
  chromium: 'install Chromium or Chrome, or set CHROME_PATH',
  firefox: 'install Firefox, or set FIREFOX_PATH',
  webkit: 'WebKitWebDriver, MiniBrowser and Xvfb are needed (WebKitGTK, on Linux only)',
}

/** The command line in front of apt-get, or why there is none. */
const aptAccess = () => {
  if (!firstExisting(onPath('apt-get'))) return { reason: 'no apt-get here' }
  if (process.getuid?.() === 0) return { prefix: [] }
  const sudo = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' })
  if (sudo.status === 0) return { prefix: ['sudo', '-n'] }
  return { reason: 'apt-get needs root or sudo without a password' }
}

/** Resolves with apt-get's own last complaint, or undefined when it went well. */
const aptGet = (prefix, args) =>
  new Promise((resolve) => {
    // `env` in the middle, because sudo drops the caller's environment.
    const options = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=3']
    const command = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', ...options, ...args]
    const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] })
    let complaint
    const watch = (chunk) => {
      for (const line of String(chunk).split('\n')) {
        if (line.startsWith('E: ')) complaint = line.slice(3)
        if (/^(Need to get|After this operation)/.test(line)) console.log(`  ${line.trim()}`)
      }
    }
    child.stdout.on('data', watch)
    child.stderr.on('data', watch)
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code) => resolve(code === 0 ? undefined : (complaint ?? `apt-get ended with ${code}`)))
  })

const install = async (prefix, name) => {
  const wanted = packages[name]
  console.log(`${name}: installing ${wanted.join(', ')} with apt-get …`)
  const args = ['install', '--yes', '--no-install-recommends', ...wanted]
  const first = await aptGet(prefix, args)
  if (!first) return undefined
  console.log(`  ${first}; once more with fresh package lists`)
  await aptGet(prefix, ['update'])
  return aptGet(prefix, args)
}

const describe = (found) =>
  typeof found === 'string' ? found : `${found.miniBrowser} with ${found.driver} and ${found.xvfb}`

const installMissing = async (missing) => {
  const reasons = new Map()
  const { prefix, reason } = aptAccess()
  for (const name of missing.filter((name) => env[overrides[name]])) {
    reasons.set(name, `${overrides[name]} names ${env[overrides[name]]}, which is not there`)
  }
  const installable = missing.filter((name) => !reasons.has(name))
  if (!prefix) {
    for (const name of installable) reasons.set(name, `${reason}; ${hints[name]}`)
    return reasons
  }
  if (installable.length > 0) {
    console.log('refreshing package lists with apt-get update …')
    const failure = await aptGet(prefix, ['update'])
    if (failure) console.log(`  ${failure}; going on with the lists that are there`)
  }
  for (const name of installable) {
    const started = performance.now()
    const failure = await install(prefix, name)
    const found = finders[name]()
    if (found) console.log(`${name}: installed at ${describe(found)} (${seconds(started)})`)
    else reasons.set(name, `${failure ?? 'the packages do not hold it'}; ${hints[name]}`)
  }
  return reasons
}

const seconds = (started) => `${((performance.now() - started) / 1000).toFixed(1)} s`

const main = async () => {
  const found = findBrowsers()
  for (const [name, where] of Object.entries(found)) console.log(`${name}: found at ${describe(where)}`)
  const reasons = await installMissing(Object.keys(finders).filter((name) => !(name in found)))
  for (const [name, reason] of reasons) console.log(`${name}: not available because ${reason}`)
  if (reasons.size === 0) return
  const names = [...reasons.keys()].join(', ')
  if (env.CI) {
    console.error(`In CI every engine has to be tested, and ${names} could not be installed.`)
    process.exitCode = 1
  } else {
    console.log(`The browser tests skip ${names}.`)
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url))) await main()

import { describe } from 'vitest'
import { findBrowsers } from '../../../scripts/ensure-browsers.mjs'
import { launchChromium } from './chromium.ts'
import type { Browser, EngineName, LaunchOptions } from './engine.ts'
import { launchFirefox } from './firefox.ts'
import { launchWebkit } from './webkit.ts'

export interface Engine {
  readonly name: EngineName
  launch(options?: LaunchOptions): Promise<Browser>
}

interface Candidate {
  readonly name: EngineName
  readonly launch: ((options?: LaunchOptions) => Promise<Browser>) | undefined
}

const { chromium, firefox, webkit } = findBrowsers()

const candidates: readonly Candidate[] = [
  { name: 'chromium', launch: chromium ? (options = {}) => launchChromium(chromium, options) : undefined },
  { name: 'firefox', launch: firefox ? (options = {}) => launchFirefox(firefox, options) : undefined },
  { name: 'webkit', launch: webkit ? (options = {}) => launchWebkit(webkit, options) : undefined },
]

const missing = (name: EngineName) => (): never => {
  throw new Error(`${name} is not installed: run "node scripts/ensure-browsers.mjs"`)
}

/**
 * Declares the same tests for every engine. Without an engine its tests are skipped, and their title says why; in CI
 * they fail instead, since nobody reads there what was skipped.
 */
export const describeEngines = (title: string, declare: (engine: Engine) => void): void => {
  for (const { name, launch } of candidates) {
    const skipped = !launch && !process.env.CI
    const reason = skipped ? ' (skipped: not installed, run "node scripts/ensure-browsers.mjs")' : ''
    describe.skipIf(skipped)(`${title} in ${name}${reason}`, () => declare({ name, launch: launch ?? missing(name) }))
  }
}

// SDKs for feature flags, each with the experiments in its own words, at hand, and without a network. They are installed into a cache
// when they are first needed, because isotarget itself has no use for them.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installInto } from '../installed.mjs'
import { growthBook, launchDarkly, optimizely, statsig, unleash } from './field-experiments.mjs'

const home = fileURLToPath(new URL('../../node_modules/.cache/isotarget/flags', import.meta.url))

/**
 * `start(load, { events })` gives contenders, each with `prepare(visitor)`, whose result `value(experiment, prepared)` takes; those
 * that are `isTelling` queue an event for each value.
 */
const field = [
  { package: '@growthbook/growthbook', version: '1.8.0', start: growthBook },
  { package: '@launchdarkly/node-server-sdk', version: '9.13.7', start: launchDarkly },
  { package: 'statsig-node', version: '6.5.2', start: statsig },
  { package: '@optimizely/optimizely-sdk', version: '6.6.1', start: optimizely },
  { package: 'unleash-client', version: '6.12.1', start: unleash },
]

/** The field, ready to decide; nobody when it cannot be installed, and `say` tells why. `events` is an address that takes anything. */
export const startField = async ({ say, events }) => {
  try {
    await installInto(home, field)
  } catch (error) {
    say(`going on without the other flag SDKs, which cannot be installed: ${error.message.split('\n')[0]}`)
    return []
  }
  const load = createRequire(join(home, 'package.json'))
  const started = []
  for (const { version, start } of field) {
    for (const contender of await start(load, { events })) started.push({ version, ...contender })
  }
  return started
}

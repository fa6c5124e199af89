import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as chromium from './chromium.mjs'
import * as firefox from './firefox.mjs'
import * as webkit from './webkit.mjs'

export const newProfile = () => mkdtempSync(join(tmpdir(), 'exits-'))

/** A browser that was just killed may still write for a moment. */
export const removeProfile = (profile) =>
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })

const withProfile = async (launch) => {
  const profile = newProfile()
  const remove = () => removeProfile(profile)
  try {
    const browser = await launch(profile)
    return { ...browser, close: () => browser.close().finally(remove) }
  } catch (error) {
    remove()
    throw error
  }
}

const usual = (name, module, where) => ({
  name,
  launch: (options) => withProfile((profile) => module.launch(where, { ...options, profile })),
  /** One that can be killed and started again with the same store. */
  launchLasting: (profile) => module.launch(where, { profile }),
  close: async () => {},
})

const ofWebkit = async (where) => {
  const { display, close } = await webkit.startDisplay(where.xvfb)
  return {
    name: 'webkit',
    launch: () => webkit.launch(where, { display }),
    launchLasting: (profile, lab) => webkit.launchLasting(where, { display, profile, lab }),
    close,
  }
}

const makers = {
  chromium: (where) => usual('chromium', chromium, where),
  firefox: (where) => usual('firefox', firefox, where),
  webkit: ofWebkit,
}

export const ENGINES = Object.keys(makers)

/** `where` says where an engine is installed. */
export const prepare = (name, where) => makers[name](where)

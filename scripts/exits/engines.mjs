import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as chromium from './chromium.mjs'
import * as firefox from './firefox.mjs'
import * as webkit from './webkit.mjs'

const folder = () => mkdtempSync(join(tmpdir(), 'exits-'))
// A browser that was just killed may still write for a moment.
const remove = (profile) => rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })

const withProfile = async (launch) => {
  const profile = folder()
  try {
    const browser = await launch(profile)
    const close = async () => {
      await browser.close()
      remove(profile)
    }
    return { ...browser, close }
  } catch (error) {
    remove(profile)
    throw error
  }
}

const usual = (name, module, where) => ({
  name,
  launch: (options) => withProfile((profile) => module.launch(where, { ...options, profile })),
  /** One that can be killed and started again with the same store; `tab` is a page of the site. */
  relaunch: async (profile, lab) => {
    const browser = await module.launch(where, { profile })
    return { ...browser, tab: await browser.open(`${lab.site}/again`) }
  },
  folder,
  remove,
  close: async () => {},
})

const ofWebkit = async (where) => {
  const { display, close } = await webkit.startDisplay(where.xvfb)
  return {
    name: 'webkit',
    launch: () => webkit.launch(where, { display }),
    relaunch: (profile, lab, flags) => webkit.launchLasting(where, { display, profile, lab, flags }),
    folder,
    remove,
    close,
  }
}

const makers = {
  chromium: (where) => usual('chromium', chromium, where),
  firefox: (where) => usual('firefox', firefox, where),
  webkit: ofWebkit,
}

export const NAMES = Object.keys(makers)

export const prepare = (name, where) => makers[name](where)

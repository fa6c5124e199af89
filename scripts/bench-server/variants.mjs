// Every server that is measured: a framework, and what it asks for offers.

import { readFileSync } from 'node:fs'

export const FRAMEWORKS = { express: 'Express', hono: 'Hono' }

const SDKS = [
  { sdk: 'none', name: 'no offers' },
  { sdk: 'isotarget', method: 'on-device', name: 'isotarget, on the device', isOurs: true },
  { sdk: 'adobe', method: 'on-device', name: 'Adobe Node.js SDK, on the device' },
  { sdk: 'isotarget', method: 'server-side', name: 'isotarget, remote', isOurs: true },
  { sdk: 'adobe', method: 'server-side', name: 'Adobe Node.js SDK, remote' },
]

export const variants = Object.keys(FRAMEWORKS).flatMap((framework) => SDKS.map((sdk) => ({ framework, ...sdk })))

const read = (path) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'))

/** Versions of everybody, by name. */
export const versionsOf = () => {
  const { name, version, devDependencies } = read('package.json')
  const { express } = read('demo/express/package.json').dependencies
  const { hono } = read('demo/hono/package.json').dependencies
  const adobe = '@adobe/target-nodejs-sdk'
  return { [name]: version, [adobe]: devDependencies[adobe], express, hono, autocannon: devDependencies.autocannon }
}

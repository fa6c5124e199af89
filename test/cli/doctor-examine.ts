import type { RequestListener } from 'node:http'
import { onTestFinished } from 'vitest'
import type { Check } from '../../src/cli/doctor-check.ts'
import { createEmulator } from '../../src/emulator.ts'
import { startSite } from './doctor-world.ts'
import { createShell } from './shell.ts'

export const { isotarget } = createShell()

/** Whatever is opened is closed when its test ends. */
export const kept = async <Opened extends { close: () => unknown }>(opening: Promise<Opened>): Promise<Opened> => {
  const opened = await opening
  onTestFinished(async () => void (await opened.close()))
  return opened
}

export const examine = async (url: string, flags: string[] = [], env: NodeJS.ProcessEnv = {}) => {
  const { code, out, err } = await isotarget(['doctor', url, ...flags, '--json'], { env })
  const { checks } = JSON.parse(out) as { checks: Check[] }
  const of = (about: string) => checks.find((check) => check.about === about)
  return { code, err, checks, of, problems: checks.filter(({ verdict }) => verdict === 'problem') }
}

export const openEdge = (options = {}) =>
  kept(createEmulator({ client: 'acme', offers: { hero: 'x' }, ...options }).listen())

/** A page on this machine, with an edge on this machine. */
export const examineLocal = async (listener: (edge: string) => RequestListener, flags: string[] = []) => {
  const edge = await openEdge()
  const { host } = new URL(edge.url)
  const site = await kept(startSite(listener(edge.url)))
  return examine(site.url, ['--client', 'acme', '--server-domain', host, '--insecure', ...flags])
}

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { silence, status } from './rules-server.ts'
import { createWorld } from './world.ts'

const world = createWorld()
const source = pathToFileURL(join(import.meta.dirname, '../../src/decisioning/source.ts')).href

/** A process of its own that starts a source, does something with it, and is not told to end. */
const run = (code: string, location = `${world.server.url}/rules.json`) =>
  new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const program = `
      import { createSource } from ${JSON.stringify(source)}
      const source = createSource({
        options: { client: 'acme', organizationId: 'ABC@AdobeOrg', artifactLocation: ${JSON.stringify(location)} },
        compile: (json) => json.name,
        emit: (name) => console.log(name),
        now: Date.now,
      })
      ${code}`
    const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process that a timer keeps alive would stay for five minutes.
      timeout: 30_000,
    })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    child.on('close', (code) => resolve({ code, out, err }))
  })

it('ends by itself while a poll is armed', async () => {
  expect(await run('console.log(await source.ready())')).toEqual({
    code: 0,
    out: 'artifactDownloadSucceeded\nclientReady\nfirst\n',
    err: '',
  })
}, 40_000)

it('ends by itself when nobody waits for the artifact', async () => {
  expect(await run('')).toEqual({ code: 0, out: 'artifactDownloadSucceeded\nclientReady\n', err: '' })
}, 40_000)

it('stays as long as somebody waits for an artifact that does not come, attempts and all', async () => {
  await world.server.stop()
  const { code, out, err } = await run(
    'await source.ready().catch(({ code, cause }) => console.log(code, cause.attempts))',
  )
  expect({ code, out, err }).toEqual({ code: 0, out: 'artifactDownloadFailed\nNOT_READY 4\n', err: '' })
}, 40_000)

it('ends between two attempts that nobody waits for', async () => {
  world.server.act(status(503, { 'retry-after': '9' }))
  expect(await run('')).toEqual({ code: 0, out: '', err: '' })
  expect(world.server.requests).toHaveLength(1)
}, 40_000)

it('ends after close in the middle of a download', async () => {
  world.server.act(silence)
  const code = `
    const waiting = source.ready().catch(({ code }) => console.log(code))
    setTimeout(() => source.close(), 200)
    await waiting`
  expect(await run(code)).toEqual({ code: 0, out: 'CLOSED\n', err: '' })
}, 40_000)

it('dies of no rejection that nobody sees', async () => {
  world.server.act((_, response) => void response.destroy())
  const { code, err } = await run('setTimeout(() => {}, 2500)')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(world.server.requests).toHaveLength(4)
}, 40_000)

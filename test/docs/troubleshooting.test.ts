import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createEmulator, type Emulator } from '../../src/emulator.ts'
import { type Client, mboxes, TargetClient } from '../../src/server.ts'
import { anchorsOf, pages, root, samples } from './markdown.ts'
import { ran, runSample } from './run-sample.ts'

const page = pages.get(join('docs', 'troubleshooting.md')) ?? ''
const headings = [...page.matchAll(/^### (.*)$/gm)].flatMap(([, heading = '']) => heading.split(', '))
const ACCOUNT = { client: 'acme', organizationId: 'ABC@AdobeOrg' }

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /(?<!\.test)\.ts$/.test(name))
  .map((name) => readFileSync(join(root, 'src', name), 'utf8'))

/** Texts that the sources name in a place. */
const named = (pattern: RegExp): Set<string> =>
  new Set(sources.flatMap((text) => [...text.matchAll(pattern)].map(([, word = '']) => word)))

let edge: Emulator
let target: Client
beforeEach(() => {
  edge = createEmulator({ ...ACCOUNT, offers: { hero: '<h1>Sun</h1>' } })
  target = TargetClient.create({ ...ACCOUNT, fetchApi: edge, retries: 0 })
})
afterEach(async () => {
  await target.close()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

it('has a section for every code of an error', () => {
  const error = sources.find((text) => text.includes('export type TargetErrorCode')) ?? ''
  const [, words = ''] = /TargetErrorCode =\n((?: {2}\| '\w+'\n)+)/.exec(error) ?? []
  const codes = [...words.matchAll(/'(\w+)'/g)].map(([, code = '']) => code)
  expect(codes.length).toBeGreaterThan(8)
  expect(codes.filter((code) => !headings.includes(code))).toEqual([])
  expect(codes.filter((code) => !anchorsOf(page).includes(code.toLowerCase()))).toEqual([])
  // What is made is what is declared.
  const made = named(/new TargetError\(\s*'(\w+)'/g)
  expect([...made].filter((code) => !codes.includes(code))).toEqual([])
})

it('has a section for every event', () => {
  const events = sources.find((text) => text.includes('export interface ClientEvents')) ?? ''
  const [, body = ''] = /export interface ClientEvents \{\n([\s\S]*?)\n\}/.exec(events) ?? []
  const names = [...body.matchAll(/^ {2}(\w+):/gm)].map(([, name = '']) => name)
  expect(names.length).toBeGreaterThan(10)
  expect(names.filter((name) => !headings.includes(name))).toEqual([])
})

it('has a row for every warning', () => {
  const [, table = ''] = /## Warnings\n([\s\S]*?)\n## /.exec(page) ?? []
  const rows = [...table.matchAll(/^\| ([^|]+) \|/gm)].map(([, text = '']) => text).slice(1)
  const messages = [
    ...named(/emit\('warning', \{ message: ['`]([^'`]+)/g),
    ...named(/(?:onTrouble|advice\.push)\(['`]([^'`]+)/g),
    ...named(/parts\.warn\(`([^`]+)/g),
    ...named(/const NO_DEVICE =\s*"([^"]+)/g),
    ...named(/const text = '(Unable[^']+)/g),
  ].map((message) => message.replace(/\$\{\w+\}.*/, '').trim())
  expect(messages.length).toBeGreaterThan(12)
  const isTold = (message: string) => rows.some((row) => message.startsWith(row) || row.startsWith(message))
  expect(messages.filter((message) => !isTold(message))).toEqual([])
  expect(rows.filter((row) => !messages.some((message) => message.startsWith(row) || row.startsWith(message)))).toEqual(
    [],
  )
})

it('logs', async () => {
  vi.stubGlobal('fetch', edge)
  const debug = vi.spyOn(console, 'debug').mockImplementation(() => {})
  vi.spyOn(console, 'info').mockImplementation(() => {})
  const { target } = await runSample('troubleshoot-logger')
  await (target as Client).getOffers({ request: { execute: { mboxes: mboxes('hero') } } })
  expect(debug.mock.calls.map(([, name]) => name)).toEqual(['request', 'response'])
})

it('an argument that is wrong is named by its path', async () => {
  const { problem } = await runSample('troubleshoot-invalid-argument', { scope: { target } })
  expect(problem).toBe('INVALID_ARGUMENT at execute.mboxes.0.name')
  expect(edge.requests).toEqual([])
})

it('a notification that Target refuses is told with its message, and the others are through', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  await runSample('troubleshoot-rejected', { scope: { target } })
  const visitor = target.visitor('')
  const { response } = await visitor.getOffers({ request: { prefetch: { mboxes: mboxes('hero') } } })
  const [hero] = response.prefetch?.mboxes ?? []
  if (hero) visitor.display(hero)
  const bad = { id: 'bad', type: 'display', timestamp: Date.now(), mbox: { name: 'hero' }, tokens: ['none'] } as const
  visitor.notify({ ...bad, tokens: [...bad.tokens] })
  await vi.waitFor(async () => expect(await target.flush()).toMatchObject({ pending: 0 }))
  expect(warn.mock.calls).toEqual([['bad', expect.stringMatching(/^Invalid Notification bad/)]])
  expect(edge.ledger.total('impression')).toBe(1)
})

it('a message is the one that is quoted', async () => {
  const messageOf = (work: Promise<unknown>) => work.then(String, (error: Error) => error.message)
  const request = { execute: { mboxes: mboxes('hero') } }
  edge.fail({ delay: 60 })
  expect(await messageOf(target.getOffers({ request, timeout: 30 }))).toMatch(
    /^Request timed out after 30 ms: raise `timeout`/,
  )
  edge.fail({ status: 403, body: { status: 403, message: 'no' } })
  expect(await messageOf(target.getOffers({ request }))).toBe('Target answered 403: no')
  edge.fail({ reset: true })
  expect(await messageOf(target.getOffers({ request }))).toMatch(/^Target could not be reached: /)
  edge.fail({ status: 200, body: '<html>Sign in</html>' })
  expect(await messageOf(target.getOffers({ request }))).toMatch(/body that is no delivery response: <html>/)
  const aborted = AbortSignal.abort()
  expect(await messageOf(target.getOffers({ request, signal: aborted }))).toBe('Request aborted by its signal')
  const out = TargetClient.create({ ...ACCOUNT, fetchApi: edge, defaultConsent: 'out' })
  expect(await messageOf(out.getOffers({ request }))).toMatch(/^The visitor has not agreed/)
  await out.close()
  expect(await messageOf(out.getOffers({ request }))).toBe('The client is closed: create another')
})

it('every sample of the page has run', () => {
  const names = samples
    .filter(({ page }) => page === join('docs', 'troubleshooting.md'))
    .map(({ name = 'one without a name' }) => name)
  expect(names.filter((name) => !ran.has(name))).toEqual([])
})

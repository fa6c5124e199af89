import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Client, mboxes, TargetClient } from '../../src/server.ts'
import { artifactOf, rule } from '../decisioning/rules.ts'
import { samples } from './markdown.ts'
import { ran, runSample } from './run-sample.ts'

const ACCOUNT = { client: 'acme', organizationId: 'ABC@AdobeOrg' }
const asked: string[] = []
const artifact = artifactOf({
  mboxes: {
    hero: [rule({ name: 'hero', content: '<h1>Sun</h1>' })],
    flags: [
      rule({
        name: 'flags',
        type: 'json',
        content: { columns: 4, isNew: true } as never,
        condition: { '!=': ['gold', { var: 'mbox.plan' }] },
      }),
      rule({ name: 'flags', type: 'json', activity: 2, content: { columns: 5 } as never }),
    ],
  },
})

beforeEach(() => {
  asked.length = 0
  vi.stubGlobal('fetch', async (input: unknown, init?: RequestInit) => {
    asked.push(`${input}`)
    if (/rules\.json$/.test(`${input}`)) return Response.json(artifact)
    const { notifications = [] } = JSON.parse(`${init?.body}`) as { notifications?: { id: string }[] }
    return Response.json({ status: 200, notifications: notifications.map(({ id }) => ({ id })) })
  })
  vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const onDevice = () =>
  TargetClient.create({ ...ACCOUNT, decisioningMethod: 'on-device', artifactPayload: artifact, pollingInterval: 0 })

it('a client downloads its rules and decides by them', async () => {
  const { response, target } = await runSample('on-device')
  expect(response).toMatchObject({ execute: { mboxes: [{ options: [{ content: '<h1>Sun</h1>' }] }] } })
  expect(asked).toEqual(['https://assets.adobetarget.com/acme/production/v1/rules.json'])
  await (target as Client).close()
})

it('a hybrid client can split requests', async () => {
  const { target } = await runSample('split-requests')
  await (target as Client).ready()
  const { meta } = await (target as Client).getOffers({ request: { execute: { mboxes: mboxes('hero', 'elsewhere') } } })
  expect(meta).toMatchObject({ remoteMboxes: ['elsewhere'] })
  await (target as Client).close()
})

it('values are there at once, with their reason, for a visitor who is named', async () => {
  const target = onDevice()
  expect(await runSample('variation', { scope: { target } })).toEqual({ columns: 4 })
  expect(await runSample('variation-details', { scope: { target } })).toMatchObject({
    value: 5,
    reason: 'MATCH',
    activity: { id: 2 },
    experience: { id: 0 },
  })
  expect(await runSample('variation-server', { scope: { target } })).toEqual({ isNew: true })
  await target.close()
})

it('rules decide and explain without a client', async () => {
  const { response, notifications } = await runSample('decide', { scope: { json: artifact } })
  expect(response).toMatchObject({ execute: { mboxes: [{ name: 'hero' }] } })
  expect(notifications).toHaveLength(1)
  const request = { context: { channel: 'web' }, execute: { mboxes: [{ name: 'hero', index: 0 }] } }
  expect(await runSample('explain', { scope: { json: artifact, request } })).toEqual({ problems: [] })
  expect(console.log).toHaveBeenCalledWith('mbox hero', expect.stringContaining('rules.mboxes.hero.0'))
})

it('a Decide of its own downloads its rules', async () => {
  const { response } = await runSample('on-device-decide')
  expect(response).toMatchObject({ status: 200, execute: { mboxes: [{ name: 'hero' }] } })
})

it('every sample of the page has run', () => {
  const names = samples
    .filter(({ page }) => page === join('docs', 'decisioning.md'))
    .map(({ name = 'one without a name' }) => name)
  expect(names.filter((name) => !ran.has(name))).toEqual([])
})

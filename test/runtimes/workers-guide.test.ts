import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { findRuntimes, runtimes } from '../../scripts/ensure-runtimes.mjs'
import { createEmulator } from '../../src/emulator.ts'
import { pages, samples } from '../docs/markdown.ts'
import { createProject, type Project } from '../package/project.ts'
import { bundle, startWorker } from './workerd.ts'

const { workerd: program } = findRuntimes()
const guide = join('docs', 'workers.md')
const isSkipped = !program && !(process.env.CI && runtimes.workerd.isPublished)

let project: Project
beforeAll(async () => {
  project = await createProject()
})
afterAll(() => project?.remove())

/** A sample of the guide as a Worker, with the date of its wrangler.toml, and an edge in place of all that it may call. */
const deploy = async (name: string) => {
  if (!program) throw new Error('workerd is not there: run "node scripts/ensure-runtimes.mjs"')
  const { code = '' } = samples.find((sample) => sample.page === guide && sample.name === name) ?? {}
  writeFileSync(join(project.folder, `${name}.ts`), code)
  const modules = `${name}.js`
  await bundle(project.folder, `${name}.ts`, join(project.folder, modules))
  const edge = createEmulator({ client: 'acme', offers: { hero: '<h1>Sun</h1>' } })
  const { port, close } = await edge.listen(0)
  const [, compatibilityDate = ''] = /compatibility_date = "(.*)"/.exec(pages.get(guide) ?? '') ?? []
  const worker = await startWorker({
    program,
    folder: project.folder,
    modules: [[modules, modules]],
    compatibilityDate,
    outbound: `127.0.0.1:${port}`,
  })
  onTestFinished(async () => {
    await worker.stop()
    await close()
    expect(worker.complaints()).toBe('')
  })
  return { worker, edge }
}

describe.skipIf(isSkipped)('the guide to Cloudflare Workers', () => {
  test('has samples that run here, all of them', () => {
    const names = samples.filter(({ page }) => page === guide).map(({ name }) => name)
    expect(names).toEqual(['worker', 'worker-on-device'])
  })

  test('answers each of many visitors at once, and reports what each was shown after the answer', async () => {
    const { worker, edge } = await deploy('worker')
    const visits = Array.from({ length: 20 }, (_, at) =>
      worker.visit(`/?visit=${at}`, { 'cf-connecting-ip': `203.0.113.${at}` }),
    )
    const answers = await Promise.all(visits)
    expect(new Set(answers.map(({ status, body }) => `${status} ${body}`))).toEqual(
      new Set(['200 <main><h1>Sun</h1></main>']),
    )
    const sessions = answers.map(({ cookies }) => /^mbox=session#([^#]+)#/.exec(cookies[0] ?? '')?.[1])
    expect(new Set(sessions).size).toBe(20)
    await expect.poll(() => edge.ledger.total('impression'), { timeout: 20_000 }).toBe(20)
    expect(edge.ledger.activities()[0]?.experiences[0]).toMatchObject({ visitors: 20, visits: 20 })
    expect(edge.requests.filter(({ status, warnings }) => status !== 200 || warnings.length)).toEqual([])
    const hosts = new Set(edge.requests.map(({ host }) => host))
    expect([...hosts].filter((host) => !host.endsWith('.tt.omtrdc.net'))).toEqual([])
    const asked = edge.requests.filter(({ body }) => (body as { prefetch?: object }).prefetch)
    const seen = asked.map(({ body, url }) => {
      const { context } = body as { context: { geo: { ipAddress: string }; address: { url: string } } }
      return [context.geo.ipAddress.split('.')[3], context.address.url, new URL(url).searchParams.get('sessionId')]
    })
    const expected = sessions.map((session, at) => [`${at}`, `https://www.shop.example/?visit=${at}`, session])
    expect(seen.sort()).toEqual(expected.sort())
  })

  test('knows who comes again', async () => {
    const { worker, edge } = await deploy('worker')
    const { cookies } = await worker.visit('/')
    const cookie = cookies.map((line) => line.split(';')[0]).join('; ')
    await worker.visit('/again', { cookie })
    await expect.poll(() => edge.requests.length, { timeout: 20_000 }).toBe(4)
    expect(edge.ledger.activities()[0]?.experiences[0]).toMatchObject({ visitors: 1, visits: 1, impressions: 2 })
  })

  test('decides in the Worker, by rules that are downloaded once, and reports it', async () => {
    const { worker, edge } = await deploy('worker-on-device')
    const cf = JSON.stringify({ country: 'CH', regionCode: 'ZH', city: 'Zurich' })
    for (const path of ['/one', '/two', '/three']) {
      const { body, cookies } = await worker.visit(path, { 'x-cf': cf })
      expect(body).toBe('<main><h1>Sun</h1></main>')
      expect(cookies[0]).toMatch(/^mbox=session#[\da-f]{32}#/)
    }
    await expect.poll(() => edge.ledger.total('impression'), { timeout: 20_000 }).toBe(3)
    const calls = edge.requests.map(({ method, host, body }) => {
      const { execute, notifications = [] } = (body ?? {}) as { execute?: object; notifications?: object[] }
      return `${method} ${host} ${execute ? 'asked' : notifications.length}`
    })
    expect(calls.sort()).toEqual([
      'GET assets.adobetarget.com 0',
      ...Array.from({ length: 3 }, () => 'POST acme.tt.omtrdc.net 1'),
    ])
    expect(edge.requests.find(({ method }) => method === 'POST')?.body).toMatchObject({
      context: { geo: { countryCode: 'CH', stateCode: 'ZH', city: 'Zurich' } },
    })
  })
})

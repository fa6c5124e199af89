import { once } from 'node:events'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { previewOf } from '../../src/delivery/preview-link.ts'
import { mboxes, TargetClient } from '../../src/server.ts'
import { createShell, program, start } from './shell.ts'

const { isotarget, write } = createShell()

const folder = mkdtempSync(join(tmpdir(), 'isotarget-edge-'))
afterAll(() => rmSync(folder, { recursive: true }))

const activities = (content: string, more: object = {}) =>
  JSON.stringify({
    activities: [
      {
        id: 7,
        name: 'Summer',
        experiences: [{ name: 'Only', offers: { hero: content } }],
        conversions: ['thanks'],
        ...more,
      },
    ],
  })

let files = 0
const written = (text: string): string => {
  const file = join(folder, `activities-${++files}.json`)
  writeFileSync(file, text)
  return file
}

/** An edge as a shell starts it; what it says is read as it comes. */
const open = async (file: string, ...flags: string[]) => {
  const child = start(process.execPath, [program, 'edge', file, '--port', '0', ...flags])
  const said = { out: '', err: '' }
  for (const [name, stream] of [
    ['out', child.stdout],
    ['err', child.stderr],
  ] as const) {
    stream.on('data', (chunk: Buffer) => {
      said[name] += chunk
    })
  }
  onTestFinished(() => void child.kill('SIGKILL'))
  await vi.waitFor(() => expect(said.out).toMatch(/http:\/\/127\.0\.0\.1:\d+/), { timeout: 30_000 })
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said.out)?.[0] ?? ''
  const target = TargetClient.create({
    client: 'acme',
    organizationId: 'ABC@AdobeOrg',
    serverDomain: new URL(url).host,
    secure: false,
    retries: 0,
    telemetryEnabled: false,
  })
  return {
    child,
    url,
    said,
    target,
    contentOf: async () => {
      const { response } = await target.getOffers({ request: { execute: { mboxes: mboxes('hero') } } })
      return response.execute?.mboxes?.[0]?.options?.[0]?.content
    },
    end: async () => {
      child.kill('SIGINT')
      const [code] = await once(child, 'close')
      return code
    },
  }
}

describe('isotarget edge', () => {
  it('serves activities, says each call and what it counted, and ends with the ledger', async () => {
    const { said, target, end, url } = await open(written(activities('<h1>Sun</h1>')))
    expect(said.out).toContain(`serverDomain: '${new URL(url).host}'`)
    const visitor = target.visitor('')
    const { response } = await visitor.getOffers({ request: { prefetch: { mboxes: mboxes('hero') } } })
    const [hero] = response.prefetch?.mboxes ?? []
    if (hero) visitor.display(hero)
    visitor.track('thanks', { order: { id: 'o-1', total: 20 } })
    expect(await target.close()).toMatchObject({ sent: 2 })
    await vi.waitFor(() => expect(said.out).toMatch(/200 server +display hero, display thanks .*\+1 impression/))
    expect(said.out).toMatch(/200 server +hero/)
    expect(await end()).toBe(0)
    expect(said.out).toMatch(/Summer \(7\) +visitors +visits +impressions/)
    expect(said.out).toMatch(/Only +1 +1 +1 +0 +1 +20\n$/)
    expect(said.err).toBe('')
  })

  it('reads the file again when it is written, in place or anew, and keeps what was when it is bad', async () => {
    const file = written(activities('first'))
    const { contentOf, said, target } = await open(file)
    expect(await contentOf()).toBe('first')
    writeFileSync(file, activities('second'))
    await vi.waitFor(async () => expect(await contentOf()).toBe('second'), { timeout: 20_000 })
    expect(said.err).toContain(`${file} was read again`)

    writeFileSync(file, '{ "activities": [\n  { "id": 7,, }] }')
    await vi.waitFor(() => expect(said.err).toContain('are no JSON, in line 2'), { timeout: 20_000 })
    writeFileSync(file, activities('bad', { colour: 'red' }))
    await vi.waitFor(() => expect(said.err).toContain('offers.activities.0.colour: is not known here'), {
      timeout: 20_000,
    })
    expect(said.err).toContain('the activities before stay')
    expect(await contentOf()).toBe('second')

    writeFileSync(`${file}.new`, activities('third'))
    renameSync(`${file}.new`, file)
    await vi.waitFor(async () => expect(await contentOf()).toBe('third'), { timeout: 20_000 })
    await target.close()
  })

  it('goes wrong as often as it is told, and says so', async () => {
    const { said, target, contentOf } = await open(written(activities('x')), '--fault', '503=1', '--latency', '1..3')
    await expect(contentOf()).rejects.toMatchObject({ code: 'HTTP_ERROR', status: 503 })
    await vi.waitFor(() => expect(said.out).toMatch(/503 server +hero/))
    await target.close()
  })

  it('speaks JSON: where it is, each call, and the report', async () => {
    const { said, contentOf, target, end, url } = await open(written(activities('x')), '--json')
    await contentOf()
    await target.close()
    await vi.waitFor(() => expect(said.out.split('\n').length).toBeGreaterThan(2))
    expect(await end()).toBe(0)
    const [first = '', call = '', ...report] = said.out.split('\n')
    expect(JSON.parse(first)).toEqual({ url, port: Number(new URL(url).port) })
    expect(JSON.parse(call)).toMatchObject({ status: 200, way: 'server', asked: ['hero'], counted: ['+1 impression'] })
    expect(JSON.parse(report.join('\n'))).toMatchObject([
      { id: 7, experiences: [{ name: 'Only', impressions: 1, visitors: 1 }] },
    ])
  })

  it('prints a QA link for each experience, and shows what it asks for', async () => {
    const experiences = [
      { name: 'Now', offers: { hero: 'now' } },
      { name: 'Next', share: 0, offers: { hero: 'next' } },
    ]
    const { said, target, url } = await open(
      written(activities('', { experiences, qa: { token: 'spring+1' } })),
      ...['--site', 'http://localhost:3000/shop'],
    )
    const [now, next] = [...said.out.matchAll(/^qa +(http:\/\/localhost:3000\/shop\?\S+) +Summer, (\w+)$/gm)]
    expect([now?.[2], next?.[2]]).toEqual(['Now', 'Next'])
    const request = { ...previewOf(new URL(`${next?.[1]}`).search), execute: { mboxes: mboxes('hero') } }
    const { response } = await target.getOffers({ request })
    expect(response.execute?.mboxes?.[0]?.options?.[0]?.content).toBe('next')
    await target.close()
    const events = await fetch(`${url}/isotarget/events`)
    const { value } = (await events.body?.getReader().read()) ?? {}
    expect(new TextDecoder().decode(value)).toContain('"site":"http://localhost:3000/shop","links":[{"activity":7')
  })

  it('is of an environment, gives traces to whom it should, and knows public suffixes unless told otherwise', async () => {
    const file = JSON.stringify({
      environments: [{ id: 2, name: 'staging' }],
      activities: [
        {
          ...{ id: 7, name: 'Summer', environments: ['staging'] },
          audience: { rule: { '==': [{ var: 'page.domain' }, 'shop.co.uk'] } },
          experiences: [{ name: 'Only', offers: { hero: 'x' } }],
        },
      ],
    })
    const seen = async (authorizationToken: string, ...flags: string[]) => {
      const { url } = await open(written(file), '--environment', 'staging', '--authorization-token', 't', ...flags)
      const answered = await fetch(`${url}/rest/v1/delivery?client=acme&sessionId=1`, {
        method: 'POST',
        body: JSON.stringify({
          context: { channel: 'web', address: { url: 'https://www.shop.co.uk/' } },
          trace: { authorizationToken },
          execute: { mboxes: [{ index: 0, name: 'hero' }] },
        }),
      })
      const { options, trace } = (await answered.json()).execute.mboxes[0]
      return [options?.[0].content, trace?.request.environment]
    }
    expect(await seen('t')).toEqual(['x', 'staging'])
    expect(await seen('other', '--as', 'browser')).toEqual([undefined, undefined])
  })

  it('says nothing of calls when it is quiet', async () => {
    const { said, contentOf, target, end } = await open(written(activities('x')), '--quiet')
    await contentOf()
    await target.close()
    await end()
    expect(said.out).not.toContain('200 server')
  })

  it('publishes the rules, and refuses another account', async () => {
    const { url } = await open(written(activities('x')), '--client', 'acme')
    expect((await fetch(`${url}/acme/production/v1/rules.json`)).status).toBe(200)
    const refused = await fetch(`${url}/rest/v1/delivery?client=other&sessionId=1`, { method: 'POST', body: '{}' })
    expect(refused.status).toBe(400)
  })

  it('lets its page press the reset button, and no other site', async () => {
    const { url, contentOf, target, said, end } = await open(written(activities('x')))
    await contentOf()
    await target.close()
    const reset = (site: string) =>
      fetch(`${url}/isotarget/reset`, { method: 'POST', headers: { 'sec-fetch-site': site } })
    expect((await reset('cross-site')).status).toBe(403)
    expect((await reset('same-origin')).status).toBe(204)
    await end()
    expect(said.out).toMatch(/Only +0 +0 +0/)
  })
})

describe('an edge that cannot be opened says why', () => {
  it.each<[what: string, flags: string[], code: number, message: RegExp]>([
    ['no file', [], 2, /needs a file of activities: isotarget edge activities\.json/],
    ['a file that is not there', ['nowhere.json'], 1, /nowhere\.json cannot be read: there is no such file/],
    ['a port that is none', ['x.json', '--port', '99999'], 2, /--port must be a number from 0 to 65535, but is 99999/],
    [
      'a latency that is none',
      ['x.json', '--latency', 'slow'],
      2,
      /--latency must be ms such as 80, 80±40 or 50\.\.200/,
    ],
    ['a latency the wrong way round', ['x.json', '--latency', '9..1'], 2, /--latency must be/],
    ['a fault that is none', ['x.json', '--fault', 'rain=1'], 2, /must name a status from 400 to 599, reset or lost/],
    ['a share that is none', ['x.json', '--fault', '503=lots'], 2, /needs a share from 0 to 1, as in 503=0\.1/],
    ['a site that is none', ['x.json', '--site', 'shop'], 2, /--site must be the address of a page without a query/],
    ['a way that is none', ['x.json', '--as', 'phone'], 2, /--as must be server or browser/],
    ['an environment that is none', ['x.json', '--environment', 'qa'], 1, /the offers have no environment qa/],
    ['a status that is no fault', ['x.json', '--fault', '200=1'], 2, /must name a status from 400 to 599/],
    [
      'no visitors',
      ['x.json', '--max-visitors', '0'],
      2,
      /--max-visitors must be a number from 1, such as 50000, but is 0/,
    ],
    ['a cluster that is no number', ['x.json', '--cluster', 'x'], 2, /--cluster must be digits/],
  ])('%s', async (...[, flags, code, message]) => {
    write('x.json', JSON.stringify({ ...JSON.parse(activities('x')), environments: [{ id: 2, name: 'staging' }] }))
    const ended = await isotarget(['edge', ...flags])
    expect(ended.code).toBe(code)
    expect(ended.err).toMatch(message)
  })

  it('activities that cannot be used', async () => {
    const file = written(activities('x', { id: 0 }))
    const { code, err } = await isotarget(['edge', file])
    expect([code, err]).toEqual([1, expect.stringContaining('offers.activities.0.id')])
  })

  it('a port that is taken', async () => {
    const { url } = await open(written(activities('x')))
    const { code, err } = await isotarget(['edge', written(activities('x')), '--port', new URL(url).port])
    expect([code, err]).toEqual([1, expect.stringContaining('is taken: choose another with --port')])
  })
})

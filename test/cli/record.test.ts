import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createEmulator, type Recording } from '../../src/emulator.ts'
import { mboxes, TargetClient } from '../../src/server.ts'
import { createShell, program, start } from './shell.ts'

const shell = createShell()
const { isotarget } = shell

const folder = mkdtempSync(join(tmpdir(), 'isotarget-record-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A command that listens, as a shell starts it. */
const open = async (...args: string[]) => {
  const child = start(process.execPath, [program, ...args, '--port', '0'])
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const address = /http:\/\/127\.0\.0\.1:\d+/
  await vi.waitFor(() => expect(said.out + said.err).toMatch(address), { timeout: 30_000 })
  const url = address.exec(said.out)?.[0] ?? ''
  return {
    said,
    url,
    end: async () => {
      child.kill('SIGINT')
      const [code] = await once(child, 'close')
      return code
    },
  }
}

const contentOf = async (url: string, mbox: string) => {
  const target = TargetClient.create({
    client: 'acme',
    organizationId: 'ABC@AdobeOrg',
    serverDomain: new URL(url).host,
    secure: false,
    retries: 0,
  })
  const { response } = await target.getOffers({
    request: { id: { thirdPartyId: 'anna@shop.example' }, prefetch: { mboxes: mboxes(mbox) } },
  })
  await target.close()
  return response.prefetch?.mboxes?.[0]?.options?.[0]?.content
}

const startEdge = async () => {
  const edge = createEmulator({ offers: { hero: '<h1>Sun</h1>', cart: 'Pay' } })
  const { url, close } = await edge.listen()
  onTestFinished(close)
  return { edge, url }
}

describe('isotarget record and isotarget replay', () => {
  it('write a file that is whole after each call, and answer by it', async () => {
    const file = join(folder, 'home.json')
    const read = (): Recording => JSON.parse(readFileSync(file, 'utf8'))
    const { edge, url } = await startEdge()
    const recorder = await open('record', file, '--to', url)
    expect(read()).toEqual({ recording: 1, kept: [], exchanges: [] })
    expect(await contentOf(recorder.url, 'hero')).toBe('<h1>Sun</h1>')
    expect(read().exchanges.length).toBe(1)
    expect(await contentOf(recorder.url, 'cart')).toBe('Pay')
    expect(read().exchanges.length).toBe(2)
    expect(await recorder.end()).toBe(0)
    expect(recorder.said.out).toMatch(/^200 prefetch mbox hero$/m)
    expect(recorder.said.out).toMatch(/2 exchanges written to /)
    expect(readFileSync(file, 'utf8')).not.toMatch(/anna/)
    // A person reads it.
    expect(readFileSync(file, 'utf8').split('\n').length).toBeGreaterThan(50)

    const calls = edge.requests.length
    const replay = await open('replay', file)
    expect(await contentOf(replay.url, 'hero')).toBe('<h1>Sun</h1>')
    expect(await replay.end()).toBe(0)
    expect(replay.said.out).toMatch(/^200 prefetch mbox hero number 1$/m)
    expect(replay.said.out).toMatch(/0 calls not in the recording, 1 exchange not asked for/)
    expect(edge.requests.length).toBe(calls)
  })

  it('go on with a file that is there, and keep what is named', async () => {
    const file = join(folder, 'more.json')
    const { url } = await startEdge()
    for (const name of ['plan', 'colour']) {
      const recorder = await open('record', file, '--to', url, '--keep', name, '--json', '--quiet')
      await contentOf(recorder.url, 'hero')
      expect(await recorder.end()).toBe(0)
      const lines = recorder.said.out.trim().split('\n')
      expect(lines.map((line) => JSON.parse(line))).toEqual([
        { url: recorder.url, port: expect.any(Number) },
        { file, recorded: 1 },
      ])
    }
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ kept: ['plan', 'colour'], exchanges: [{}, {}] })
    expect(statSync(file).size).toBeGreaterThan(500)
  })

  it('lose no exchange when the file is taken away meanwhile', async () => {
    const file = join(folder, 'away.json')
    const { url } = await startEdge()
    const recorder = await open('record', file, '--to', url)
    await contentOf(recorder.url, 'hero')
    rmSync(file)
    expect(await contentOf(recorder.url, 'cart')).toBe('Pay')
    expect(JSON.parse(readFileSync(file, 'utf8')).exchanges.length).toBe(2)
    expect(await recorder.end()).toBe(0)
  })

  it('answer the caller also when the file cannot be written, say so, and end with 1 where that stays', async () => {
    const away = join(folder, 'away')
    const file = join(away, 'home.json')
    mkdirSync(away)
    const { edge, url } = await startEdge()
    const recorder = await open('record', file, '--to', url)
    rmSync(away, { recursive: true })
    expect(await contentOf(recorder.url, 'hero')).toBe('<h1>Sun</h1>')
    expect(edge.requests.length).toBe(1)
    expect(recorder.said.err).toMatch(/The recording .*home\.json cannot be written: .*: it is tried again/)
    mkdirSync(away)
    await contentOf(recorder.url, 'cart')
    expect(JSON.parse(readFileSync(file, 'utf8')).exchanges.length).toBe(2)
    rmSync(away, { recursive: true })
    await contentOf(recorder.url, 'hero')
    expect(await recorder.end()).toBe(1)
  })

  it('end with 1 when something was asked that is not recorded', async () => {
    const replay = await open('replay', join(shell.folder, 'recording.json'))
    await expect(contentOf(replay.url, 'nowhere')).rejects.toMatchObject({
      status: 404,
      serverMessage: expect.stringContaining('The nearest is number 1: execute mbox hero'),
    })
    expect(await replay.end()).toBe(1)
    expect(replay.said.out).toMatch(/1 call not in the recording/)
  })
})

describe('what cannot be recorded or played says why', () => {
  it.each<[args: string[], code: number, message: RegExp]>([
    [['record'], 2, /needs a file: isotarget record home\.json/],
    [['record', 'x.json'], 2, /needs an edge: --to https:\/\/acme/],
    [['record', 'x.json', '--to', 'acme'], 2, /--to is an address without a path/],
    [['record', 'x.json', '--to', 'https://acme.tt.omtrdc.net', '--rules', 'x'], 2, /--rules is an address/],
    [['record', 'activities.json', '--to', 'https://acme.tt.omtrdc.net'], 1, /activities\.json is no recording/],
    [['record', 'no/where.json', '--to', 'https://acme.tt.omtrdc.net'], 1, /no\/where\.json cannot be written/],
    [['replay'], 2, /needs a recording: isotarget replay recording\.json/],
    [['replay', 'nowhere.json'], 1, /nowhere\.json cannot be read: there is no such file/],
    [['replay', 'activities.json'], 1, /activities\.json is no recording: .*must be 1/],
    [['replay', 'recording.json', '--port', 'x'], 2, /--port must be a number/],
  ])('isotarget %j', async (args, code, message) => {
    const ended = await isotarget(args)
    expect({ code: ended.code, err: ended.err }).toEqual({ code, err: expect.stringMatching(message) })
  })
})

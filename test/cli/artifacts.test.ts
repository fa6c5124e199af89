import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  cut,
  cutSilently,
  type RulesServer,
  send,
  silence,
  startRulesServer,
  status,
} from '../decisioning-source/rules-server.ts'
import { createShell, withCdn } from './shell.ts'
import { obfuscated, shopRules } from './shop-rules.ts'

const shell = createShell()
const RULES = JSON.stringify(shopRules)
const check = (args: string[], around = {}) => shell.isotarget(['artifact', 'check', ...args], around)
const failure = (message: string | RegExp, code = 1) => ({
  code,
  out: '',
  err: typeof message === 'string' ? `isotarget: ${message}\n` : expect.stringMatching(message),
})

describe('files and pipes', () => {
  it('reads a file, named beside the command or with --artifact', async () => {
    const { out } = await check(['rules.json'])
    expect(out).toContain('artifact         rules.json, 4.4 kB')
    expect(await check(['--artifact', 'rules.json'])).toEqual({ code: 0, out, err: '' })
  })

  it('reads the standard input', async () => {
    const { code, out } = await check(['-', '--json'], { input: RULES })
    expect(code).toBe(0)
    expect(JSON.parse(out).artifact).toMatchObject({ from: '-', bytes: RULES.length, rules: 8 })
  })

  it('reads a pipe that comes in pieces', async () => {
    const line = '(head -c 1000 rules.json; sleep 0.2; tail -c +1001 rules.json) | isotarget artifact check -'
    expect(await shell.type(line)).toMatchObject({ code: 0, err: '' })
  })

  it('reads the obfuscated form with the organization', async () => {
    const plain = await check(['rules.json', '--json'])
    const { artifact } = JSON.parse((await check(['rules.bin', '--organization-id', 'ABC@AdobeOrg', '--json'])).out)
    expect(artifact).toEqual({ ...JSON.parse(plain.out).artifact, from: 'rules.bin', bytes: expect.any(Number) })
    expect(await check(['rules.bin'])).toEqual(
      failure(
        'The artifact of rules.bin is obfuscated: give the organization that it was made for with --organization-id',
        2,
      ),
    )
    expect(await check(['rules.bin', '--organization-id', 'XYZ@AdobeOrg'])).toEqual(
      failure(
        /^isotarget: rules.bin is no artifact that can be used: the artifact is cut, of another organization, or none/,
      ),
    )
  })

  it('says what is wrong with a file', async () => {
    shell.write('half.json', RULES.slice(0, -5))
    shell.write('page.html', '<!doctype html><title>Sign in</title>')
    shell.write('new.bin', 'ATOD:002abc')
    shell.write('void.json', '')
    const org = ['--organization-id', 'ABC@AdobeOrg']
    expect(await check(['nofile.json'])).toEqual(
      failure('The artifact nofile.json cannot be read: there is no such file: look at the path'),
    )
    expect(await check(['.'])).toEqual(failure('The artifact . cannot be read: it is a folder: give the file in it'))
    expect(await check(['void.json'])).toEqual(failure('The artifact of void.json is empty: look at what writes it'))
    expect(await check(['-'])).toEqual(failure('The artifact of the standard input is empty: look at what writes it'))
    expect(await check(['half.json'])).toEqual(
      failure(/^isotarget: half.json is no artifact that can be used: the artifact is cut/),
    )
    expect(await check(['page.html'])).toEqual(
      failure(/or none: it begins "<!doctype html><title>Sign in<\/title>"\n$/),
    )
    expect(await check(['new.bin', ...org])).toEqual(failure(/is of the form ATOD:002: only ATOD:001 is known\n$/))
  })
})

describe('addresses', () => {
  let server: RulesServer
  beforeEach(async () => {
    server = await startRulesServer()
    server.act(send(RULES))
  })
  afterEach(() => server.stop())

  it('downloads the artifact', async () => {
    const { code, out, err } = await check([`${server.url}/rules.json`, '--json'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(JSON.parse(out).artifact).toMatchObject({ from: `${server.url}/rules.json`, bytes: RULES.length })
    expect(server.requests).toMatchObject([{ method: 'GET', path: '/rules.json' }])
  })

  it('downloads a request too', async () => {
    server.act(send(JSON.stringify({ execute: { mboxes: [{ name: 'hero' }] } })))
    const { out } = await shell.isotarget(['decide', '--artifact', 'rules.json', '--request', `${server.url}/a`])
    expect(out).toContain('mbox hero execute')
  })

  it.each([
    [[], '/acme/production/v1/rules.json'],
    [['--environment', 'Staging'], '/acme/staging/v1/rules.json'],
    [['--property', 'app-token'], '/acme/production/v1/app-token/rules.json'],
    [['--artifact-format', 'json'], '/acme/production/v1/rules.json'],
  ])('finds the rules of an account on the CDN: %j', async (flags, path) => {
    const env = withCdn(server.url)
    expect(await check(['--client', 'acme', ...flags], { env })).toMatchObject({ code: 0, err: '' })
    expect(server.requests.map((request) => request.path)).toEqual([path])
  })

  it('finds the obfuscated form there', async () => {
    server.act(send(obfuscated(shopRules, 'ABC@AdobeOrg')))
    const flags = [
      '--client',
      'acme',
      '--artifact-format',
      'bin',
      '--organization-id',
      'ABC@AdobeOrg',
      '--mbox',
      'hero',
    ]
    const { out } = await shell.isotarget(['decide', ...flags], { env: withCdn(server.url) })
    expect(out).toContain('artifact  https://assets.adobetarget.com/acme/production/v1/rules.bin, 8 rules, client acme')
    expect(server.requests.map(({ path }) => path)).toEqual(['/acme/production/v1/rules.bin'])
  })

  it('tells of a refusal with its status, and does not ask again', async () => {
    server.act(status(403))
    const url = `${server.url}/rules.json`
    expect(await check([url])).toEqual(
      failure(
        `${url} cannot be had: the artifact was answered with 403: are on-device decisions enabled for this client, environment and property?`,
      ),
    )
    server.act(status(503))
    expect(await check([url])).toEqual(failure(`${url} cannot be had: the artifact was answered with 503`))
    expect(server.requests).toHaveLength(2)
  })

  it('tells of a server that does not answer in time', async () => {
    server.act(silence)
    const url = `${server.url}/rules.json`
    expect(await check([url, '--timeout', '0.3'])).toEqual(
      failure(`${url} cannot be had: the artifact did not come within 300 ms: give it longer with --timeout`),
    )
  })

  it('tells of a connection that breaks, also in silence', async () => {
    server.act(cut)
    expect(await check([`${server.url}/a`])).toEqual(
      failure(`${server.url}/a cannot be had: the connection broke: try again`),
    )
    server.act(cutSilently)
    expect(await check([`${server.url}/a`])).toEqual(failure(/is no artifact that can be used: the artifact is cut/))
  })

  it('tells where nobody listens, and what is no host', async () => {
    await server.stop()
    expect(await check([`${server.url}/a`])).toEqual(
      failure(`${server.url}/a cannot be had: nobody listens there: look at the address`),
    )
    expect(await check(['http://nobody.invalid/a'])).toEqual(failure(/cannot be had: .*look at .*the network/))
    expect(await check(['http://'])).toEqual(failure(/^isotarget: http:\/\/ cannot be had: .*URL/))
  })
})

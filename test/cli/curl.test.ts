import { expect, it, onTestFinished } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { createShell } from './shell.ts'

const shell = createShell()

const listening = async () => {
  const edge = createEmulator({ offers: { home: '<b>It’s here</b>' } })
  const { url, close } = await edge.listen()
  onTestFinished(close)
  return { edge, url }
}

it('is a line that a shell runs, and that the edge answers', async () => {
  const { edge, url } = await listening()
  const { out } = await shell.isotarget([
    'curl',
    '--client',
    'acme',
    '--edge',
    url,
    '--mbox',
    'home',
    '--param',
    "it's=a $(date) `x`",
  ])
  const { code, out: answer } = await shell.type(out.replace(/^curl /, 'curl --silent --show-error '))
  expect(code).toBe(0)
  const { execute } = JSON.parse(answer)
  expect(execute.mboxes[0].options[0].content).toBe('<b>It’s here</b>')
  const [request] = edge.requests
  expect(request?.body).toMatchObject({
    execute: { mboxes: [{ name: 'home', parameters: { "it's": 'a $(date) `x`' } }] },
  })
  expect(request?.status).toBe(200)
})

it('names the account and the host as a client does', async () => {
  const urlOf = async (...flags: string[]) => {
    const { out } = await shell.isotarget(['curl', ...flags, '--mbox', 'home', '--session', 's', '--json'])
    return JSON.parse(out).url
  }
  expect(await urlOf('--client', 'acme')).toBe('https://acme.tt.omtrdc.net/rest/v1/delivery?client=acme&sessionId=s')
  expect(await urlOf('--client', 'acme', '--organization-id', 'A@AdobeOrg')).toBe(
    'https://acme.tt.omtrdc.net/rest/v1/delivery?imsOrgId=A%40AdobeOrg&sessionId=s',
  )
  expect(await urlOf('--client', 'acme', '--tnt-id', 'abc.35_0')).toMatch('https://mboxedge35.tt.omtrdc.net/')
  expect(await urlOf('--organization-id', 'A@AdobeOrg', '--edge', 'http://localhost:8080/')).toMatch(
    'http://localhost:8080/rest',
  )
})

it('takes a request from a file, a property and a trace', async () => {
  const args = [
    'curl',
    '--client',
    'acme',
    '--request',
    'request.json',
    '--property',
    'p-1',
    '--trace',
    't-1',
    '--json',
  ]
  const { out } = await shell.isotarget(args)
  expect(JSON.parse(out).body).toMatchObject({
    prefetch: { mboxes: [{ name: 'cart' }] },
    property: { token: 'p-1' },
    trace: { authorizationToken: 't-1' },
  })
})

it.each<[what: string, flags: string[], message: RegExp]>([
  ['no account', ['--mbox', 'home'], /There is no account: name it with --client, --organization-id, or both/],
  ['no host', ['--organization-id', 'A@AdobeOrg', '--mbox', 'home'], /The host is named by the client/],
  ['nothing asked for', ['--client', 'acme'], /Nothing is asked for/],
  [
    'an edge with a path',
    ['--client', 'acme', '--mbox', 'a', '--edge', 'http://x/y'],
    /--edge is an address without a path/,
  ],
])('%s is refused', async (...[, flags, message]) => {
  const { code, err } = await shell.isotarget(['curl', ...flags])
  expect(code).toBe(2)
  expect(err).toMatch(message)
})

import type { RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createCertificate } from '../browsers/engines/certificate.ts'
import { examine, isotarget, kept } from './doctor-examine.ts'
import { page, startSite } from './doctor-world.ts'

describe('a hostile site', () => {
  const examineSite = async (listener: RequestListener, ...flags: string[]) => {
    const site = await kept(startSite(listener))
    return examine(site.url, flags)
  }
  it.each<[what: string, listener: RequestListener, text: RegExp]>([
    [
      'that redirects to itself',
      (_, response) => void response.writeHead(302, { location: '/' }).end(),
      /more than 10 times: there is a loop/,
    ],
    [
      'that redirects to a file',
      (_, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      /redirects to file:, which no page is/,
    ],
    ['that breaks off', (request) => void request.socket.destroy(), /the connection broke/],
    [
      'that is no HTML',
      (_, response) => void response.writeHead(200, { 'content-type': 'image/png' }).end('x'),
      /no HTML but image\/png/,
    ],
    ['that fails', (_, response) => void response.writeHead(503).end(), /answers 503/],
  ])('%s', async (_, listener, text) => {
    const { code, err, of } = await examineSite(listener)
    expect({ code, err }).toEqual({ code: 1, err: '' })
    expect(of('page')).toMatchObject({ verdict: 'problem', text: expect.stringMatching(text) })
  })

  it('that never ends', async () => {
    const { of } = await examineSite(
      (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).write('<p>'),
      '--timeout',
      '0.5',
    )
    expect(of('page')?.text).toMatch(/takes longer than 0\.5 s/)
  })

  it('that is huge is read to 5 MB', async () => {
    const part = Buffer.alloc(1_000_000, '<a b="c" ')
    const { of } = await examineSite(
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/html' })
        const pour = (): void => {
          while (!response.destroyed && response.write(part));
        }
        response.on('drain', pour)
        pour()
      },
      '--timeout',
      '60',
    )
    expect(of('page')).toMatchObject({ verdict: 'note', text: expect.stringContaining('longer than 5 MB') })
  })

  it('whose words would take over a terminal', async () => {
    const site = await kept(startSite(page('<script src="/isotarget.js" data-client="\u001b[31mred\u0007"></script>')))
    const { out } = await isotarget(['doctor', site.url, '--client', 'acme', '--server-domain', '127.0.0.1:1'])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
  })

  it('with a certificate that no browser takes', async () => {
    const { key, cert } = createCertificate()
    const server = createTlsServer({ key, cert }, (_, response) => void response.end('x'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    onTestFinished(() => void server.close())
    const { of } = await examine(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    expect(of('page')?.text).toMatch(/its certificate is signed by itself/)
  })
})

describe('what is no question says so', () => {
  it.each<[args: string[], message: string]>([
    [[], 'isotarget doctor needs a page: isotarget doctor https://shop.example'],
    [['shop.example'], 'A page is an address that begins with https:// or http://, not shop.example'],
    [['https://shop.example', '--server-domain', 'https://x'], '--server-domain is a host such as'],
    [['https://shop.example', '--timeout', 'soon'], '--timeout is a number of seconds, not soon'],
    [['https://shop.example', '--rules', 'x'], '--rules is an address, not x'],
  ])('%j', async (args, message) => {
    const { code, err } = await isotarget(['doctor', ...args])
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(message) })
  })
})

import { Writable } from 'node:stream'
import { onTestFinished } from 'vitest'
import { createEmulator, type EmulatorOptions } from '../../src/emulator.ts'
import { type ClientOptions, TargetClient } from '../../src/server.ts'

/** An edge over HTTP, and clients of it. */
export const openEdge = async (options: EmulatorOptions = {}) => {
  const edge = createEmulator({ offers: { hero: '<b>Hello</b>' }, ...options })
  const { port, url, close } = await edge.listen()
  const create = (more: Partial<ClientOptions>) => {
    const target = TargetClient.create({
      client: 'acme',
      organizationId: 'ABC@AdobeOrg',
      serverDomain: `127.0.0.1:${port}`,
      secure: false,
      retries: 0,
      notificationDelay: 5,
      ...more,
    })
    onTestFinished(async () => void (await target.close({ timeout: 1 })))
    return target
  }
  onTestFinished(close)
  return { edge, url, create }
}

/** A stream that keeps what is written, line by line. */
export const openStream = () => {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(...`${chunk}`.trim().split('\n'))
      done()
    },
  })
  return { lines, stream, json: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

/** A call of a visitor about whom much is known. */
export const SECRET = {
  sessionId: 'secret-session',
  visitorCookie: 'MCMID|secret-ecid|MCAAMB|secret-blob',
  customerIds: { crm: 'secret-customer' },
  request: {
    id: { tntId: 'secret-device.35_0', thirdPartyId: 'secret-person' },
    property: { token: 'secret-property' },
    trace: { authorizationToken: 'secret-authorization' },
    qaMode: { token: 'secret-qa' },
    context: {
      channel: 'web' as const,
      address: { url: 'https://shop.example/?q=secret' },
      geo: { ipAddress: '198.51.100.77' },
    },
    prefetch: {
      mboxes: [
        {
          name: 'hero',
          parameters: { email: 'secret@shop.example' },
          profileParameters: { age: 'secret-age' },
          order: { id: 'secret-order', total: 7 },
        },
      ],
    },
  },
}

/** What must not stand in a line. */
export const SECRETS = /secret|198\.51/

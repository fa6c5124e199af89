import { expect, it } from 'vitest'
import { artifact, rules, send } from './rules-server.ts'
import { createWorld, rejection } from './world.ts'

const world = createWorld()

/** By the published rule: each byte of the content, XOR the organization and the key in turn. */
const obfuscated = (json: string, { organization = 'ABC@AdobeOrg', version = '001', key = 'k'.repeat(32) } = {}) => {
  const secret = Buffer.from(organization + key)
  const content = Buffer.from(json).map((byte, at) => byte ^ secret[at % secret.length]!)
  return Buffer.concat([Buffer.from(`ATOD:${version}${key}`), content])
}

const start = (body: Uint8Array, organizationId = 'ABC@AdobeOrg') => {
  world.server.act(send(body, { 'content-type': 'application/octet-stream' }))
  return world.start({ organizationId, artifactLocation: `${world.server.url}/rules.bin` })
}

it('reads known bytes', async () => {
  const bytes = Buffer.from(
    '41544f443a30303130313233343536373839616263646566303132333435363738394142434445463a6035253317060d0b6d4845011f021d' +
      '04171a1556580c07415e472142f28ef0ab50144a',
    'hex',
  )
  expect(await start(bytes).source.ready()).toEqual({ name: 'Grüße' })
})

it('reads an obfuscated artifact, tells it as JSON and polls by its tag', async () => {
  const json = JSON.stringify(artifact('hidden', { text: 'ü'.repeat(5000) }))
  const { source, events } = start(obfuscated(json))
  expect(await source.ready()).toEqual({ name: 'hidden' })
  expect(events[0]).toMatchObject({ name: 'artifactDownloadSucceeded', artifactPayload: JSON.parse(json) })
})

it('takes JSON where the obfuscated form was asked for, and the other way round', async () => {
  world.server.act(rules('plain'))
  expect(await world.start({ artifactFormat: 'bin' }).source.ready()).toEqual({ name: 'plain' })
  world.server.act(send(obfuscated(JSON.stringify(artifact('hidden')))))
  expect(await world.start({ artifactFormat: 'json' }).source.ready()).toEqual({ name: 'hidden' })
})

it.each([
  ['of another organization', obfuscated('{}', { organization: 'XYZ@AdobeOrg' }), /another organization/],
  ['of another version', obfuscated('{}', { version: '002' }), /ATOD:002.*only ATOD:001/],
  ['that breaks off in its head', obfuscated('{}').subarray(0, 20), /cut/],
  ['that breaks off in its content', obfuscated(JSON.stringify(artifact('x'))).subarray(0, -3), /cut/],
  ['that ends with its key', obfuscated(''), /cut/],
])('refuses one %s', async (_, body, message) => {
  const { cause } = await rejection(start(body).source.ready())
  expect(cause).toMatchObject({ code: 'PARSE_ERROR', message: expect.stringMatching(message) })
})

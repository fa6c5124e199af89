import { expect, it } from 'vitest'
import { locationOf } from '../../src/decisioning/location.ts'
import { createWorld } from './world.ts'

const CDN = 'https://assets.adobetarget.com'

it.each([
  [{}, '/acme/production/v1/rules.json'],
  [{ environment: '' }, '/acme/production/v1/rules.json'],
  [{ environment: 'STAGING' }, '/acme/staging/v1/rules.json'],
  [{ environment: '1-PROD' }, '/acme/1-prod/v1/rules.json'],
  [{ environment: 'My Own' }, '/acme/my%20own/v1/rules.json'],
  [{ propertyToken: 'f3a1-b2' }, '/acme/production/v1/f3a1-b2/rules.json'],
  [{ propertyToken: 'a/../b' }, '/acme/production/v1/a%2F..%2Fb/rules.json'],
  [{ artifactFormat: 'bin' }, '/acme/production/v1/rules.bin'],
  [{ artifactFormat: 'yaml' }, '/acme/production/v1/rules.json'],
  [{ environment: 'Dev', propertyToken: 'p', artifactFormat: 'bin' }, '/acme/dev/v1/p/rules.bin'],
])('%j is at %s', (address, path) => {
  expect(locationOf({ client: 'acme', ...address })).toBe(`${CDN}${path}`)
})

it('leaves the case of the client code alone', () => {
  expect(locationOf({ client: 'AcmeInc' })).toBe(`${CDN}/AcmeInc/production/v1/rules.json`)
})

it('takes a whole address in place of all others', () => {
  const artifactLocation = 'http://127.0.0.1:8080/rules.bin?v=2'
  expect(locationOf({ client: 'acme', propertyToken: 'p', artifactFormat: 'json', artifactLocation })).toBe(
    artifactLocation,
  )
})

const world = createWorld()

it('asks there, port and query included', async () => {
  const { source } = world.start({ artifactLocation: `${world.server.url}/own/rules.json?v=2` })
  await source.ready()
  expect(world.server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /own/rules.json?v=2'])
})

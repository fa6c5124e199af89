import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Artifact } from '../../src/decisioning/artifact.ts'
import { decide } from '../../src/decisioning/decide.ts'
import { compileArtifact } from '../../src/decisioning/ruleset.ts'
import type { DeliveryRequest } from '../../src/delivery/request.ts'
import { caseDifferences } from './case-differences.ts'
import { publishedDomain, schemaFolder } from './published-engine.ts'

interface MockDate {
  year: number
  month: number
  date: number
  hours?: number
  minutes?: number
  seconds?: number
}

interface Case {
  description: string
  artifact?: string
  conf?: { client: string }
  mockDate?: MockDate
  /** What the geo service answers. */
  mockGeo?: Record<string, string>
  input: { request: DeliveryRequest; sessionId?: string; targetLocationHint?: string }
  output?: unknown
  /** What is sent; null when nothing may be. */
  notificationOutput?: { request: object } | null
}

interface Suite extends Omit<Case, 'input'> {
  test: Record<string, Case>
}

const json = (...path: string[]) => JSON.parse(readFileSync(join(schemaFolder, ...path), 'utf8'))

const ANY = { Object, String, Number }

/** The placeholders of the published cases, as the matchers that they stand for. */
const expected = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(expected)
  if (typeof value === 'object' && value) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, expected(member)]))
  }
  const type = /^expect\.any\((\w+)\)$/.exec(String(value))?.[1] as keyof typeof ANY | undefined
  return type ? expect.any(ANY[type]) : value
}

/** Before the engine is asked, the place of an address is looked up, unless the request names it. */
const located = ({ context, ...request }: DeliveryRequest, found: Record<string, string>): DeliveryRequest => {
  const geo = {
    latitude: Number(found['x-geo-latitude']),
    longitude: Number(found['x-geo-longitude']),
    countryCode: found['x-geo-country-code'],
    stateCode: found['x-geo-region-code'],
    city: found['x-geo-city'],
  }
  return { ...request, context: { ...context, geo: { ...geo, ...context.geo } } }
}

const momentOf = (mock: MockDate | undefined): number => {
  if (!mock) return Date.now()
  const { year, month, date, hours = 0, minutes = 0, seconds = 0 } = mock
  return Date.UTC(year, month, date, hours, minutes, seconds)
}

const answered = (suite: Suite, given: Case) => {
  const artifact: Artifact = json('artifacts', `${given.artifact ?? suite.artifact}.json`)
  const client = (given.conf ?? suite.conf)?.client as string
  const rules = compileArtifact(artifact, { client, domainOf: publishedDomain })
  const { request, ...more } = given.input
  const asked = given.mockGeo ? located(request, given.mockGeo) : request
  const now = momentOf(given.mockDate ?? suite.mockDate)
  const { response, notifications, ...remote } = decide(rules, asked, { now, ...more })
  const { id } = response
  const sent = { request: { id, context: request.context, ...(notifications.length && { notifications }) } }
  return { answer: { ...response, ...remote }, sent: notifications.length ? sent : undefined }
}

const suites = readdirSync(join(schemaFolder, 'models')).map((file) => file.replace('.json', ''))
const cases = suites.flatMap((name) => {
  const suite: Suite = json('models', `${name}.json`)
  return Object.entries(suite.test).map(([key, given]) => ({ name: `${name}.${key}`, suite, given }))
})
const isSame = ({ name }: { name: string }) => !Object.hasOwn(caseDifferences, name)

it('there are 66 published cases, and fewer than five are answered otherwise', () => {
  expect(cases).toHaveLength(66)
  expect(Object.keys(caseDifferences).length).toBeLessThan(5)
})

describe('published cases are answered as published', () => {
  it.each(cases.filter(isSame))('$name: $given.description', ({ suite, given }) => {
    const { answer, sent } = answered(suite, given)
    if (given.output) expect(answer).toMatchObject(expected(given.output) as object)
    if (given.notificationOutput === null) expect(sent).toBeUndefined()
    if (given.notificationOutput) expect(sent).toMatchObject(expected(given.notificationOutput) as object)
    expect(given.output ?? given.notificationOutput, 'what the case expects').toBeDefined()
  })
})

describe('published cases are answered otherwise on purpose', () => {
  it.each(cases.filter((found) => !isSame(found)))(
    '$name, nothing is sent for what is prefetched',
    ({ suite, given }) => {
      expect(answered(suite, given).sent).toBeUndefined()
      expect(given.notificationOutput?.request).toHaveProperty('telemetry')
    },
  )
})

import { afterEach, beforeEach } from 'vitest'
import { createSource, type SourceOptions, type SourceParts } from '../../src/decisioning/source.ts'
import { TargetError } from '../../src/delivery/error.ts'
import { type RulesServer, startRulesServer } from './rules-server.ts'

/** Stands for the compiled rules: all that the source knows of them is that a bad artifact throws. */
const compile = (json: unknown): { name: string } => {
  const { version, name } = Object(json) as { version?: string; name?: string }
  if (version !== '1.0.0') throw new TargetError('PARSE_ERROR', `version ${version} is not known`)
  if (typeof name !== 'string') throw new TypeError('no name')
  return { name }
}

/** A told event. */
interface Told {
  name: string
  // biome-ignore lint/suspicious/noExplicitAny: whatever the event brings
  [member: string]: any
}

/** A CDN and the sources that ask it, fresh for each test. */
export const createWorld = () => {
  let server: RulesServer
  let open: { close(): void }[] = []
  beforeEach(async () => {
    server = await startRulesServer()
  })
  afterEach(async () => {
    for (const source of open) source.close()
    open = []
    await server.stop()
  })
  return {
    get server() {
      return server
    },
    /** Starts a source of the server's rules, and writes down what it tells. */
    start(options: Partial<SourceOptions> = {}, parts: Partial<SourceParts<{ name: string }>> = {}) {
      const events: Told[] = []
      const source = createSource({
        options: {
          client: 'acme',
          organizationId: 'ABC@AdobeOrg',
          artifactLocation: `${server.url}/rules.json`,
          ...options,
        },
        compile,
        emit: (name, event) => events.push({ name, ...event }),
        now: () => Date.now(),
        ...parts,
      })
      open.push(source)
      return { source, events, names: () => events.map(({ name }) => name) }
    },
  }
}

/** What a promise rejects with. */
export const rejection = (promise: Promise<unknown>): Promise<TargetError> =>
  promise.then(
    () => Promise.reject(new Error('it did not reject')),
    (error) => error,
  )

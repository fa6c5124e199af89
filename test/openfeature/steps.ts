import type { EvaluationContext, EvaluationDetails, JsonValue } from '@openfeature/server-sdk'
import { expect } from 'vitest'
import type { Steps } from './features.ts'
import { LEVELS, type Level, type Reading, type Side } from './sides.ts'

/** What the steps of a scenario hand on. */
export interface World {
  side: Side
  reading: Reading
  details?: EvaluationDetails<JsonValue>
  /** What hooks were called with, by their stage. */
  ran: { stage: string; by: string; details: unknown }[]
  /** The context as it was given, as JSON. */
  given?: string
}

const READERS: Record<string, (text: string) => JsonValue> = {
  boolean: (text) => text === 'true',
  string: (text) => text,
  integer: Number,
  float: Number,
  object: (text) => JSON.parse(text.replaceAll('\\"', '"')),
}

const readAs = (type: string, text: string): JsonValue => {
  const read = READERS[type.toLowerCase()]
  if (!read) throw new Error(`no type is called ${type}`)
  return read(text)
}

const levelOf = (text: string): Level => {
  const level = LEVELS.find((known) => known === text)
  if (!level) throw new Error(`no level is called ${text}`)
  return level
}

/** A hook that notes its stages. */
const hookOf = ({ ran }: World, by: string) => ({
  before: () => void ran.push({ stage: 'before', by, details: undefined }),
  after: (_: unknown, details: unknown) => void ran.push({ stage: 'after', by, details }),
  error: (_: unknown, error: unknown) => void ran.push({ stage: 'error', by, details: error }),
  finally: (_: unknown, details: unknown) => void ran.push({ stage: 'finally', by, details }),
})

const stagesIn = (text: string): string[] => text.split(', ')

const evaluate = async (world: World): Promise<void> => {
  world.details = await world.side.read(world.reading)
}

const NAMES: Record<string, string> = { flag_key: 'flagKey', error_code: 'errorCode' }

/** Rows of type, name and value, as members. `null` is none. */
const membersIn = (rows: string[][]): Record<string, unknown> =>
  Object.fromEntries(
    rows
      .slice(1)
      .map(([type = '', name = '', text = '']) => [
        NAMES[name] ?? name,
        text === 'null' ? undefined : readAs(type, text),
      ]),
  )

const given: Steps<World> = [
  [/^a (stable|not ready|error|fatal|stale) provider$/, (world, [state = '']) => world.side.start(state, {})],
  [/^a stable provider with retrievable context is registered$/, (world) => world.side.start('stable', {})],
  [
    /^an? (\w+)-flag with key "(.*)" and a fallback value "(.*)"$/i,
    ({ reading }, [type = '', key = '', fallback = '']) => {
      const kind = type.toLowerCase()
      Object.assign(reading, {
        kind: kind === 'integer' || kind === 'float' ? 'number' : kind,
        key,
        fallback: readAs(kind, fallback),
      })
    },
  ],
  [
    /^a context containing a key "(.*)", with type "(.*)" and with value "(.*)"$/,
    ({ reading }, [key = '', type = '', value = '']) => {
      reading.contexts.Invocation[key] = readAs(type, value)
    },
  ],
  [
    /^a context containing a key "(.*)" with null value$/,
    ({ reading }, [key = '']) => {
      reading.contexts.Invocation[key] = null
    },
  ],
  [
    /^A context entry with key "(.*)" and value "(.*)" is added to the "(.*)" level$/,
    ({ reading }, [key = '', value = '', level = '']) => {
      reading.contexts[levelOf(level)][key] = value
    },
  ],
  [/^A table with levels of increasing precedence$/, (_, __, table) => void table.flat().map(levelOf)],
  [
    /^Context entries for each level from API level down to the "(.*)" level, with key "(.*)" and value "(.*)"$/,
    ({ reading }, [last = '', key = '']) => {
      for (const level of LEVELS.slice(0, LEVELS.indexOf(levelOf(last)) + 1)) reading.contexts[level][key] = level
    },
  ],
  [/^a client with added hook$/, (world) => void world.reading.hooks.push(hookOf(world, 'one'))],
  [
    /^evaluation options containing specific hooks$/,
    (world) => void world.reading.hooks.push(hookOf(world, 'one'), hookOf(world, 'two')),
  ],
  [
    /^an evaluation context with modifiable data$/,
    (world) => {
      const context: EvaluationContext = { tier: 'gold', cart: { items: ['a'], total: 9.5 }, since: new Date(0) }
      world.reading.contexts.Invocation = context
      world.given = JSON.stringify(context)
    },
  ],
]

const when: Steps<World> = [
  [/^the flag was evaluated with details(?: asynchronously| using the evaluation options)?$/, evaluate],
  [
    /^Some flag was evaluated$/,
    (world) => {
      Object.assign(world.reading, { kind: 'boolean', key: 'boolean-flag', fallback: false })
      return evaluate(world)
    },
  ],
]

/** Each value of one parameter in the calls that arrived. */
const parametersAt = ({ side }: World, key: string): unknown[] =>
  side
    .calls()
    .flatMap(({ execute, prefetch }) =>
      [...(execute?.mboxes ?? []), ...(prefetch?.mboxes ?? [])].map(({ parameters }) => parameters?.[key]),
    )

const then: Steps<World> = [
  [
    /^the resolved details value should be "(.*)"$/,
    ({ details, reading }, [text = '']) => {
      const type = reading.kind === 'number' ? 'float' : reading.kind
      expect(details?.value).toEqual(readAs(type, text))
    },
  ],
  [/^the reason should be "(.*)"$/, ({ details }, [reason]) => expect(details?.reason).toBe(reason)],
  [
    /^the error-code should be "(.*)"$/,
    ({ details }, [code]) => expect(details?.errorCode).toBe(code === 'null' ? undefined : code),
  ],
  [/^the variant should be "(.*)"$/, ({ details }, [variant]) => expect(details?.variant).toBe(variant)],
  [/^the flag key should be "(.*)"$/, ({ details }, [key]) => expect(details?.flagKey).toBe(key)],
  [
    /^the resolved metadata should contain$/,
    ({ details }, _, table) =>
      expect(details?.flagMetadata).toMatchObject(
        membersIn(table.map(([name = '', type = '', text = '']) => [type, name, text])),
      ),
  ],
  [/^the resolved metadata is empty$/, ({ details }) => expect(details?.flagMetadata).toEqual({})],
  [/^the provider status should be "(.*)"$/, ({ side }, [status]) => expect(side.status()).toBe(status)],
  [
    /^the "(.*)" hook should have been executed$/,
    ({ ran }, [stages = '']) => expect(ran.map(({ stage }) => stage)).toEqual(expect.arrayContaining(stagesIn(stages))),
  ],
  [
    /^the "(.*)" hooks should be called with evaluation details$/,
    ({ ran }, [stages = ''], table) => {
      for (const stage of stagesIn(stages)) {
        const details = ran.find((call) => call.stage === stage)?.details as Record<string, unknown>
        for (const [name, value] of Object.entries(membersIn(table)))
          expect([name, details[name]]).toEqual([name, value])
      }
    },
  ],
  [
    /^the specified hooks should execute during evaluation$/,
    ({ ran }) => expect(new Set(ran.map(({ by }) => by))).toEqual(new Set(['one', 'two'])),
  ],
  [
    /^the hook order should be maintained$/,
    ({ ran }) =>
      expect(ran.map(({ stage, by }) => `${stage} ${by}`)).toEqual([
        ...['before one', 'before two', 'after two', 'after one', 'finally two', 'finally one'],
      ]),
  ],
  [
    /^the original evaluation context should remain unmodified$/,
    ({ reading, given }) => expect(JSON.stringify(reading.contexts.Invocation)).toBe(given),
  ],
  [
    /^the evaluation details should be immutable$/,
    ({ details }) => expect(Object.isFrozen(details?.flagMetadata)).toBe(true),
  ],
  [/^the evaluation should complete without blocking$/, ({ details }) => expect(details).toBeDefined()],
  [
    /^The merged context contains an entry with key "(.*)" and value "(.*)"$/,
    (world, [key = '', value]) => expect(parametersAt(world, key).at(-1)).toBe(value),
  ],
]

export const steps: Steps<World> = [...given, ...when, ...then]

/** A world before the first step. */
export const newWorld = (side: Side): World => ({
  side,
  reading: {
    kind: '',
    key: '',
    fallback: null,
    contexts: { API: {}, Transaction: {}, Client: {}, Invocation: {}, 'Before Hooks': {} },
    hooks: [],
  },
  ran: [],
})

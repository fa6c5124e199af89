import { compileArtifact, type Ruleset } from '../decisioning/ruleset.ts'
import { identified, visitorOf } from '../decisioning/visitor.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import { createId } from '../platform/platform.ts'
import { hostParts } from '../platform/server-host.ts'
import { artifactFlags, artifactPlace, type Opened, openArtifact, patienceOf } from './artifact.ts'
import { momentOf, requestFlags, requestOf } from './asked.ts'
import { failed, inner, misused } from './failure.ts'
import { type Given, titled } from './flags.ts'
import { nameOf, readJson } from './input.ts'
import type { Terminal } from './terminal.ts'

/** Flags of whatever holds a request against an artifact. */
export const decisionFlags = {
  ...requestFlags,
  ...artifactFlags,
  ...titled('How it is decided', {
    as: {
      value: 'server|browser',
      text: 'As on servers, which know public suffixes, or as in pages, where the whole host is the domain; default: server',
    },
  }),
} as const

type DecisionGiven = Given<typeof decisionFlags>

/** A request and the rules that it is held against. */
export interface Prepared {
  opened: Opened
  ruleset: Ruleset
  /** With an id, also for a visitor who is new. */
  request: DeliveryRequest
  isNew: boolean
  /** Epoch ms. */
  now: number
}

/** Makes rules of an artifact as a client of an account would. Throws a failure. */
export const rulesetFor = (artifact: unknown, { from, given }: { from: string; given: DecisionGiven }): Ruleset => {
  const { client, as } = given
  try {
    return compileArtifact(artifact, {
      ...(client !== undefined && { client }),
      ...(as !== 'browser' && { domainOf: hostParts }),
    })
  } catch (error) {
    throw failed(`${nameOf(from)} is no artifact that can be used: ${inner((error as Error).message)}`, error)
  }
}

const fileOf = async (given: DecisionGiven, place: string, terminal: Terminal): Promise<unknown> => {
  const { request } = given
  if (request === undefined) return {}
  if (request === '-' && place === '-') {
    throw misused('The standard input cannot be both artifact and request: put one of them into a file')
  }
  return readJson({ place: request, what: 'request' }, terminal, patienceOf(given))
}

/** Reads all that a decision needs. What was badly written is told before anything is downloaded. */
export const prepare = async (
  given: DecisionGiven,
  words: readonly string[],
  terminal: Terminal,
): Promise<Prepared> => {
  const place = artifactPlace(given, words[0])
  if (given.as !== undefined && given.as !== 'server' && given.as !== 'browser') {
    throw misused(`--as is server or browser, not ${given.as}`)
  }
  const now = momentOf(given)
  const asked = requestOf(given, await fileOf(given, place, terminal))
  const opened = await openArtifact(place, given, terminal)
  return {
    opened,
    ruleset: rulesetFor(opened.json, { from: opened.from, given }),
    request: { ...asked, id: identified(asked.id, createId) },
    isNew: !visitorOf(asked.id ?? {}),
    now,
  }
}

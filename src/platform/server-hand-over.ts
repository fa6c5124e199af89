import type { DeliveryRequest } from '../delivery/request.ts'
import { type Parts, placesFor, questionOf, type ServerState, type Where, withItems } from '../delivery/server-state.ts'
import type { Answered, HandOver } from './platform.ts'

/** Answers that are kept in mind; older ones make room. */
const CAPACITY = 50

/** `<` ends scripts, opens comments and other scripts; the others are for XHTML and for engines before ES2019. */
const asScript = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** In a script the member would set a prototype. */
const withoutPrototypes = (key: string, value: unknown): unknown => (key === '__proto__' ? undefined : value)

/** A place as the page needs it: what of its decision was traced is not for everybody. */
const untraced = ({ trace, ...place }: { trace?: unknown }): object => place

const viewOf = (place: object): string => {
  const { name, key } = place as { name?: unknown; key?: unknown }
  return JSON.stringify([name, key])
}

/** A question, wherever in whichever call it was asked, and its answer. */
interface Question {
  item: { index?: number | undefined; profileParameters?: unknown }
  where: Where
  places: object[]
}

/** All questions; of two answers to one question the later. A trace changes no answer. */
const questionsOf = (answers: readonly Answered[]): Question[] => {
  const found = new Map<string, Question>()
  for (const { request, response } of answers) {
    withItems(request, (item, where) => {
      const question = questionOf({ ...request, trace: undefined }, item, where)
      const places = placesFor(response, item, where).filter((place) => typeof place === 'object' && place)
      found.set(question, { item, where, places })
      return []
    })
  }
  return [...found.values()]
}

/** Adds to one of the lists. */
const put = (into: Parts, [part, kind]: Where, items: readonly object[]): void => {
  const known = into[part]
  const list = kind === 'pageLoad' ? items[0] : [...((known?.[kind] as object[]) ?? []), ...items]
  into[part] = { ...known, [kind]: list }
}

/** The index that an item had in its call, or the next that no other of its list has. */
const indexFor = (given: number, taken: Set<number>): number => {
  let index = given
  while (taken.has(index)) index++
  taken.add(index)
  return index
}

/** The answers as if they had come by one call. */
const asOne = (answers: readonly Answered[]): { request: Parts; response: Parts } => {
  const request: Parts = {}
  const response: Parts = {}
  const taken = { execute: new Set<number>(), prefetch: new Set<number>() }
  const views = new Map<string, object>()
  for (const { item, where, places } of questionsOf(answers)) {
    const { profileParameters, ...asked } = item
    const index = asked.index === undefined ? {} : { index: indexFor(asked.index, taken[where[0]]) }
    put(request, where, [{ ...asked, ...index }])
    if (where[1] === 'views') for (const place of places) views.set(viewOf(place), untraced(place))
    else if (places.length) {
      const told = places.map((place) => ({ ...untraced(place), ...index }))
      put(response, where, told)
    }
  }
  const metrics = answers.flatMap(({ response: { prefetch } }) => prefetch?.metrics ?? [])
  if (views.size) put(response, ['prefetch', 'views'], [...views.values()])
  if (response.prefetch && metrics.length) response.prefetch.metrics = metrics
  return { request, response }
}

/** What all questions of a request have in common. */
const scopeOf = (request: DeliveryRequest): string =>
  questionOf({ ...request, trace: undefined }, {}, ['execute', 'pageLoad'])

const stateOf = (client: string, all: readonly Answered[]): ServerState | null => {
  const last = all.at(-1)
  if (!last) return null
  const { property, environmentId, qaMode, preview, experienceCloud } = last.request
  const analytics = experienceCloud?.analytics
  // What was decided for another property or environment answers other questions.
  const answers = all.filter(({ request }) => scopeOf(request) === scopeOf(last.request))
  const { request, response } = asOne(answers)
  const namesOf = (list: 'remoteMboxes' | 'remoteViews') => [...new Set(answers.flatMap(({ meta }) => meta[list]))]
  return {
    client,
    request: {
      property,
      environmentId,
      qaMode,
      preview,
      ...(analytics && { experienceCloud: { analytics } }),
      ...request,
    },
    response: { status: last.response.status, ...response },
    meta: {
      decisioningMethod: last.meta.decisioningMethod,
      remoteMboxes: namesOf('remoteMboxes'),
      remoteViews: namesOf('remoteViews'),
    },
  } as ServerState
}

/** Keeps the answers of one visitor for the page. Written when asked for: most answers are handed to nobody. */
export const createHandOver = (client: string): HandOver => {
  const answers: Answered[] = []
  let text: string | undefined
  return {
    note(answered) {
      const { execute, prefetch } = answered.request
      if (!(execute || prefetch)) return
      answers.push(answered)
      if (answers.length > CAPACITY) answers.shift()
      text = undefined
    },
    text() {
      text ??= asScript(JSON.stringify(stateOf(client, answers), withoutPrototypes))
      return text
    },
  }
}

import type { Entry } from './ledger.ts'
import type { Tab } from './tab.ts'

/** A body that arrived. */
export interface Call {
  tab: Tab
  way: 'fetch' | 'beacon'
  isClosing: boolean
  at: number
  url: URL
  body: string
  property: string | undefined
  entries: Entry[]
  texts: string[]
}

/** What has to be known beside the call. */
export interface Around {
  all: Iterable<Entry>
  count: number
  isOnline: boolean
  /** The clock was put, so that nobody knows how long ago anything was. */
  hasJumped: boolean
  /** Time stamps could not be kept or believed, so that the living may look dead. */
  isLoose: boolean
  isStored(entry: Entry): boolean
  /** It left without an answer, as whoever finds it believes. */
  isAway(entry: Entry): boolean
}

type Rule = (call: Call, around: Around) => string | false | undefined

const named = (entries: readonly Entry[]): string => entries.map(({ id }) => id).join(' ')

const isSmall: Rule = ({ entries, body }, { count }) => {
  const bytes = Buffer.byteLength(body)
  if (!entries.length) return 'an empty call'
  if (entries.length > count) return `${entries.length} notifications in a call`
  return entries.length > 1 && bytes > 60 * 1024 && `${bytes} bytes in a call`
}

const isOfOne: Rule = ({ entries, url, property }) => {
  const sessionId = url.searchParams.get('sessionId')
  const cluster = /^mboxedge(\d+)/.exec(url.host)?.[1]
  const strangers = entries.filter(
    (entry) =>
      entry.sessionId !== sessionId ||
      entry.property !== property ||
      entry.cluster !== entries[0]?.cluster ||
      (cluster && entry.cluster !== cluster),
  )
  return strangers.length > 0 && `${named(strangers)} in a call of ${url.host} ${sessionId} ${property}`
}

const isInTurn: Rule = ({ entries }) => {
  const bad = entries.find((entry, index) =>
    entries.slice(0, index).some((earlier) => earlier.life === entry.life && earlier.turn >= entry.turn),
  )
  return bad && `${bad.id} is out of turn in ${named(entries)}`
}

/** Until when the caller was asked not to call. */
const barredUntil = ({ tab, entries: [first] }: Call, hasJumped: boolean): number =>
  Math.max(
    hasJumped ? 0 : (tab.barred.get('all') ?? 0),
    tab.barred.get(`cluster ${first?.cluster}`) ?? 0,
    tab.barred.get(`session ${first?.sessionId}`) ?? 0,
  )

/** Whoever goes for the first time goes after all of the same visitor and context that happened before. */
const isFirstInTurn: Rule = (call, { all, isAway, hasJumped, isLoose }) => {
  if (isLoose) return false
  const { tab, at, entries, isClosing } = call
  // While Target wants to be left alone, what is stored waits, and what is not goes with the page.
  if (isClosing && at < barredUntil(call, hasJumped)) return false
  // Whoever comes back has to find what it had.
  if (at < tab.backAt + 500) return false
  const news = entries.filter(({ attempts }) => !attempts.length)
  const last = news.at(-1)
  if (!last) return false
  for (const other of all) {
    const isEarlier =
      other.life === last.life &&
      other.sessionId === last.sessionId &&
      other.property === last.property &&
      other.cluster === last.cluster &&
      other.turn < last.turn
    const isWaiting = !other.attempts.length && !other.fates.length && !other.isLost && !entries.includes(other)
    if (isEarlier && isWaiting && !isAway(other)) {
      return `${last.id} went before ${other.id}`
    }
  }
  return false
}

const isNotOver: Rule = ({ entries }, { isLoose }) => {
  if (isLoose) return false
  const over = entries.filter(({ fates, isAcknowledged, isExcused }) => (fates.length || isAcknowledged) && !isExcused)
  return over.length > 0 && `${named(over)} sent again after ${over[0]?.fates}`
}

const isAlone: Rule = ({ entries, at }, { hasJumped, isLoose }) => {
  if (hasJumped || isLoose) return false
  const twice = entries.filter(({ attempts, isExcused }) => !isExcused && attempts.some(({ until }) => until > at + 2))
  const told = twice[0]?.attempts.map((one) => `${one.life.name} at ${one.at} until ${one.until}`)
  return twice.length > 0 && `${named(twice)} on the way twice, first by ${told}`
}

const isSame: Rule = ({ entries, texts }, { hasJumped }) => {
  if (hasJumped) return false
  const changed = entries.filter(({ text }, index) => text !== undefined && text !== texts[index])
  return changed.length > 0 && `${named(changed)} changed`
}

const isOneAtATime: Rule = ({ tab, isClosing, entries, at }, { all }) => {
  if (isClosing) return false
  for (const other of all) {
    if (other.sessionId !== entries[0]?.sessionId) continue
    const open = other.attempts.some(
      (one) => one.life === tab.life && !one.isClosing && !one.isGivenUp && one.until > at,
    )
    if (open) return `${named(entries)} went while ${other.id} was on its way`
  }
  return false
}

const isPatient: Rule = (call, { isStored, hasJumped }) => {
  const { entries, at, isClosing } = call
  // What is stored nowhere may be lost, and goes all the same.
  if (isClosing && !entries.every(isStored)) return false
  const until = barredUntil(call, hasJumped)
  return at + 2 < until && `${named(entries)} went ${until - at} ms too early${isClosing ? ' at the end' : ''}`
}

const isPossible: Rule = ({ tab, entries }, { isOnline }) =>
  !isOnline && !tab.hasFlushed && `${named(entries)} went while the device was offline`

const RULES: readonly Rule[] = [
  isSmall,
  isOfOne,
  isInTurn,
  isFirstInTurn,
  isNotOver,
  isAlone,
  isSame,
  isOneAtATime,
  isPatient,
  isPossible,
]

/** What is wrong with a call. */
export const faultsOf = (call: Call, around: Around): string[] =>
  RULES.flatMap((rule) => rule(call, around) || []).map((fault) => `${call.tab.life.name}: ${fault} (${call.way})`)

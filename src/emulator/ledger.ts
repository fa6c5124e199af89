/** What can happen to a visitor. */
export type LedgerEvent = 'impression' | 'click' | 'conversion' | 'view'

/** One thing that was reported, counted or not. */
export interface LedgerEntry {
  what: LedgerEvent
  /** When it arrived, in epoch ms. */
  at: number
  /** When it happened as its notification says, in epoch ms. */
  timestamp?: number
  /** Device id of the visitor, without the location hint. */
  visitor: string
  /** `requestId` of the request that brought it. */
  request: string
  /** Id of the activity. */
  activity?: number
  /** Name of the experience. */
  experience?: string
  mbox?: string
  view?: string
  /** Id of the notification; without one the request itself counted, by `execute`. */
  notification?: string
  impressionId?: string
  /** The order of a conversion. */
  order?: { id?: string; total?: number }
  counted: boolean
  /** Why it was not counted. */
  why?: string
  /** It happened in QA mode, and counts apart. */
  qa?: true
}

/** What one experience has achieved. */
export interface LedgerExperience {
  name: string
  /** Different visitors with an impression. */
  visitors: number
  /** Different sessions with an impression. */
  visits: number
  impressions: number
  clicks: number
  conversions: number
  /** Sum of the totals of the orders. */
  revenue: number
}

/** What one activity has achieved. */
export interface LedgerActivity {
  id: number
  name: string
  experiences: LedgerExperience[]
}

/** Which traffic a figure is about. */
export interface LedgerScope {
  /** The traffic of QA mode instead of the live one. @default false */
  qa?: boolean
}

/** What an emulator has counted. */
export interface Ledger {
  /** Everything that was reported, oldest first. Every notification that was accepted leaves at least one entry. */
  readonly entries: readonly LedgerEntry[]
  /** How many notifications came again after they had been accepted: acknowledged, not counted. */
  readonly repeats: number
  /** A row for every activity and, in it, every experience; in the order of the offers. */
  activities(scope?: LedgerScope): LedgerActivity[]
  /** How many events were counted. */
  total(what: LedgerEvent, scope?: LedgerScope): number
  /** The activities as a table to read. */
  toString(): string
}

/** An event in the words of the activities: positions instead of names. */
export interface Happening extends Omit<LedgerEntry, 'at' | 'experience'> {
  experience?: number
  /** First impression of the visitor. */
  newVisitor?: boolean
  /** First impression in the session. */
  newVisit?: boolean
}

/** The ledger as the emulator writes it. */
export interface Book {
  ledger: Ledger
  write(happening: Happening): void
  /** A notification came again. */
  repeat(): void
  clear(): void
}

/** The words that a ledger needs of an activity. */
interface Named {
  id: number
  name: string
  experiences: readonly { name: string }[]
}

type Tally = Omit<LedgerExperience, 'name'>

const COLUMNS = ['visitors', 'visits', 'impressions', 'clicks', 'conversions', 'revenue'] as const

const emptyTally = (): Tally => ({ visitors: 0, visits: 0, impressions: 0, clicks: 0, conversions: 0, revenue: 0 })

/** Sums of money as decimals are read: 0.1 and 0.2 are 0.3. */
const cents = (sum: number): number => Math.round(sum * 100) / 100

const add = (tally: Tally, { what, newVisitor, newVisit, order }: Happening): void => {
  if (newVisitor) tally.visitors++
  if (newVisit) tally.visits++
  if (what === 'impression') tally.impressions++
  if (what === 'click') tally.clicks++
  if (what !== 'conversion') return
  tally.conversions++
  tally.revenue = cents(tally.revenue + (order?.total ?? 0))
}

const table = (rows: readonly LedgerActivity[]): string => {
  const lines = rows.flatMap(({ id, name, experiences }) => [
    [`${name} (${id})`, ...COLUMNS],
    ...experiences.map((experience) => [`  ${experience.name}`, ...COLUMNS.map((column) => `${experience[column]}`)]),
  ])
  const widths = ['', ...COLUMNS].map((_, at) => Math.max(0, ...lines.map((line) => line[at]?.length ?? 0)))
  const pad = (cell: string, at: number) => (at ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[0] ?? 0))
  return lines.map((line) => line.map(pad).join('  ')).join('\n')
}

/** `now` is in epoch ms; `onEntry` hears of every entry. */
export const createBook = (
  activities: readonly Named[],
  now: () => number,
  onEntry: (entry: LedgerEntry) => void,
): Book => {
  const entries: LedgerEntry[] = []
  const tallies = new Map<string, Tally>()
  const totals = new Map<string, number>()
  let repeats = 0
  const scopeOf = (qa: boolean | undefined) => (qa ? 'qa' : 'live')

  const count = (happening: Happening) => {
    const { what, activity, experience, qa } = happening
    const total = `${scopeOf(qa)} ${what}`
    totals.set(total, (totals.get(total) ?? 0) + 1)
    if (activity === undefined) return
    const key = `${scopeOf(qa)} ${activity} ${experience}`
    const tally = tallies.get(key) ?? emptyTally()
    tallies.set(key, tally)
    add(tally, happening)
  }

  const ledger: Ledger = {
    entries,
    get repeats() {
      return repeats
    },
    activities: ({ qa } = {}) =>
      activities.map(({ id, name, experiences }) => ({
        id,
        name,
        experiences: experiences.map((experience, at) => ({
          name: experience.name,
          ...(tallies.get(`${scopeOf(qa)} ${id} ${at}`) ?? emptyTally()),
        })),
      })),
    total: (what, { qa } = {}) => totals.get(`${scopeOf(qa)} ${what}`) ?? 0,
    toString: () => table(ledger.activities()),
  }

  return {
    ledger,
    write(happening) {
      if (happening.counted) count(happening)
      const { newVisitor: _visitor, newVisit: _visit, experience: at, ...rest } = happening
      const found = activities.find(({ id }) => id === happening.activity)?.experiences[at ?? -1]
      const entry: LedgerEntry = { ...rest, at: now(), ...(found && { experience: found.name }) }
      entries.push(entry)
      onEntry(entry)
    },
    repeat() {
      repeats++
    },
    clear() {
      entries.length = 0
      tallies.clear()
      totals.clear()
      repeats = 0
    },
  }
}

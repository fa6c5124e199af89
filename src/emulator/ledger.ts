import type { Happening, LedgerEntry, LedgerEvent, LedgerScope } from './happening.ts'
import { type ReportActivity, reportOf } from './report.ts'
import { createTallies, type LedgerExperience } from './tally.ts'

/** What one activity has achieved. */
export interface LedgerActivity {
  id: number
  name: string
  experiences: LedgerExperience[]
}

/** What an emulator has counted. */
export interface Ledger {
  /** Everything that was reported, oldest first. Every notification that was accepted leaves at least one entry. */
  readonly entries: readonly LedgerEntry[]
  /** How many notifications came again after they had been accepted: acknowledged, not counted. */
  readonly repeats: number
  /** A row for every activity and, in it, every experience; in the order of the offers. */
  activities(scope?: LedgerScope): LedgerActivity[]
  /**
   * The activities with their rates: what part of the visitors converted, or clicked, how much more than with the first experience,
   * and how sure that is.
   */
  report(scope?: LedgerScope): ReportActivity[]
  /** How many events were counted. */
  total(what: LedgerEvent, scope?: LedgerScope): number
  /** The activities as a table to read. */
  toString(): string
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
  conversions: readonly string[] | true
}

const COLUMNS = ['visitors', 'visits', 'impressions', 'clicks', 'conversions', 'revenue'] as const

const table = (rows: readonly LedgerActivity[]): string => {
  const lines = rows.flatMap(({ id, name, experiences }) => [
    [`${name} (${id})`, ...COLUMNS],
    ...experiences.map((experience) => [`  ${experience.name}`, ...COLUMNS.map((column) => `${experience[column]}`)]),
  ])
  const widths = ['', ...COLUMNS].map((_, at) => Math.max(0, ...lines.map((line) => line[at]?.length ?? 0)))
  const pad = (cell: string, at: number) => (at ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[0] ?? 0))
  return lines.map((line) => line.map(pad).join('  ')).join('\n')
}

/** What a book needs. */
interface Needed {
  activities: () => readonly Named[]
  /** Epoch ms. */
  now: () => number
  /** How many entries are remembered. */
  most: number
  /** Hears of every entry. */
  onEntry: (entry: LedgerEntry) => void
}

/** Makes a book in which nothing is written yet. */
export const createBook = ({ activities, now, most, onEntry }: Needed): Book => {
  const entries: LedgerEntry[] = []
  const tallies = createTallies()
  let repeats = 0

  const ledger: Ledger = {
    entries,
    get repeats() {
      return repeats
    },
    activities: (scope) =>
      activities().map((activity) => {
        const experiences = tallies.rows(activity, scope).map(({ converters: _, clickers: __, ...row }) => row)
        return { id: activity.id, name: activity.name, experiences }
      }),
    report: (scope) => activities().map((activity) => reportOf(activity, tallies.rows(activity, scope))),
    total: tallies.total,
    toString: () => table(ledger.activities()),
  }

  return {
    ledger,
    write(happening) {
      const { newVisitor: _visitor, newVisit: _visit, isFirst: _first, experience: at, ...rest } = happening
      const found = activities().find(({ id }) => id === happening.activity)?.experiences[at ?? -1]
      if (happening.counted) tallies.count(happening, found?.name)
      const entry: LedgerEntry = { ...rest, at: now(), ...(found && { experience: found.name }) }
      entries.push(entry)
      if (entries.length > most) entries.shift()
      onEntry(entry)
    },
    repeat() {
      repeats++
    },
    clear() {
      entries.length = 0
      tallies.clear()
      repeats = 0
    },
  }
}

import type { Emulator } from '../emulator/emulator.ts'
import type { QaLink } from '../emulator/qa.ts'
import type { ReportActivity } from '../emulator/report.ts'
import { type EdgeOutcome, type EdgeRow, outcomeOf, rowOf } from './edge-row.ts'

/** Calls that a new page is told of. */
const KEPT = 100
/** The ledger is told at most so often, in ms: a load test makes thousands of calls a second. */
const PACE = 200

/** What a page is told, by the name of the event. */
export interface EdgeFeed {
  /** All there is to know when a page opens. */
  hello: {
    file: string
    url: string
    /** The last calls. */
    rows: EdgeRow[]
    /** How many calls there were, by what became of them. */
    totals: Record<EdgeOutcome, number>
    report: ReportActivity[]
    /** Address of the page that QA links open; empty when nobody said so. */
    site: string
    links: QaLink[]
    problem?: string
  }
  /** A call was answered. */
  call: EdgeRow
  /** The ledger has changed, or the activities have. */
  report: ReportActivity[]
  /** The activities have changed, and so have the links to their experiences. */
  links: QaLink[]
  /** The file of activities cannot be used; empty when it can again. */
  problem: string
}

/** What there is to tell besides the edge itself. */
interface Telling {
  file: string
  /** Address of the page that QA links open. */
  site: string
  /** Address of the edge. */
  url: () => string
}

const encode = (name: string, data: unknown): Uint8Array =>
  new TextEncoder().encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)

/** Tells pages what happens at an edge, by Server-Sent Events (HTML Standard, section 9.2). */
export const createFeed = (edge: Emulator, { file, site, url }: Telling) => {
  const pages = new Set<ReadableStreamDefaultController<Uint8Array>>()
  const rows: EdgeRow[] = []
  const totals = { good: 0, refused: 0, broken: 0 }
  let problem = ''
  let isDue = false
  const tell = <Name extends keyof EdgeFeed>(name: Name, data: EdgeFeed[Name]): void => {
    for (const page of pages) page.enqueue(encode(name, data))
  }
  const report = (): void => {
    if (isDue) return
    isDue = true
    setTimeout(() => {
      isDue = false
      tell('report', edge.ledger.report())
    }, PACE).unref()
  }
  edge.on((event) => {
    if (event.type === 'entry') return
    const row = rowOf(edge, event.request)
    totals[outcomeOf(row)]++
    rows.push(row)
    if (rows.length > KEPT) rows.shift()
    tell('call', row)
    report()
  })

  return {
    report,
    links: () => tell('links', edge.qaLinks()),
    problem(text: string): void {
      problem = text
      tell('problem', text)
    },
    /** All calls are forgotten. */
    clear(): void {
      rows.length = 0
      Object.assign(totals, { good: 0, refused: 0, broken: 0 })
    },
    /** A stream for one page. */
    open(): Response {
      let own: ReadableStreamDefaultController<Uint8Array>
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          own = controller
          pages.add(controller)
          const activities = { report: edge.ledger.report(), site, links: edge.qaLinks() }
          const hello = { file, url: url(), rows, totals, ...activities, ...(problem && { problem }) }
          controller.enqueue(encode('hello', hello satisfies EdgeFeed['hello']))
        },
        cancel: () => void pages.delete(own),
      })
      return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } })
    },
  }
}

export type Feed = ReturnType<typeof createFeed>

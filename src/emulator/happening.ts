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

/** Which traffic a figure is about. */
export interface LedgerScope {
  /** The traffic of QA mode instead of the live one. @default false */
  qa?: boolean
}

/** An event in the words of the activities: positions instead of names. */
export interface Happening extends Omit<LedgerEntry, 'at' | 'experience'> {
  experience?: number
  /** First impression of the visitor. */
  newVisitor?: boolean
  /** First impression in the session. */
  newVisit?: boolean
  /** First event of its kind of the visitor. */
  isFirst?: boolean
}

interface Decision {
  activity: number
  experience: string
}

interface Visitor {
  seen: Map<number, Set<string>>
  experiences: Map<number, string>
}

/** A count of its own, to hold a ledger against. */
export const createCount: () => {
  impression(visitor: Visitor, session: string, decision: Decision): void
  differences(report: readonly { id: number; experiences: readonly object[] }[]): unknown[]
}

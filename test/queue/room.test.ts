import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Notification } from '../../src/delivery/notification.ts'
import { createAccounts } from '../../src/notification/accounts.ts'
import { type Batch, type Item, itemOf } from '../../src/notification/batch.ts'
import { createQueue, type QueueParts } from '../../src/notification/queue.ts'
import { PATIENCE, runs } from './runs.ts'
import { envelopeOf } from './tab.ts'

type Kind = 'display' | 'click' | 'conversion'

const notificationOf = (id: string, kind: Kind): Notification => {
  const type = kind === 'click' ? 'click' : 'display'
  const tokens = kind === 'conversion' ? [] : ['token']
  return { id, type, timestamp: 1_767_225_600_000, mbox: { name: 'm' }, tokens }
}
const idOf = ({ notification }: Item): string => notification.id
const kindOf = ({ notification: { type, tokens } }: Item): Kind => {
  if (type === 'click') return 'click'
  return tokens?.length ? 'display' : 'conversion'
}
/** Who makes room first. */
const ranks: Kind[] = ['display', 'click', 'conversion']

type Step =
  | { do: 'hold'; kind: Kind }
  | { do: 'out' | 'back' | 'sent' | 'rejected' | 'dropped' | 'release'; which: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('hold' as const), kind: fc.constantFrom(...ranks) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('out' as const, 'back' as const, 'sent' as const, 'rejected' as const),
      which: fc.nat(30),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('dropped' as const, 'release' as const), which: fc.nat(30) }),
  },
)

/** Accounts with room for five, and what was told of them. */
const openAccounts = () => {
  const told: string[] = []
  const ended: string[] = []
  const victims: string[] = []
  const accounts = createAccounts({
    capacity: 5,
    now: () => 0,
    onEnd: (item) => ended.push(idOf(item)),
    onSent: ({ id }) => told.push(id),
    onRejected: ({ id }) => told.push(id),
    onDropped({ id }, reason) {
      told.push(id)
      if (reason === 'overflow') victims.push(id)
    },
  })
  return { accounts, told, ended, victims }
}

type Accounts = ReturnType<typeof openAccounts>['accounts']

/** Whose turn it is to make room. */
const nextOf = (items: readonly Item[]): string | undefined => {
  for (const rank of ranks) {
    const found = items.find((item) => !item.isOut && kindOf(item) === rank)
    if (found) return idOf(found)
  }
  return undefined
}

const change = (accounts: Accounts, item: Item, what: Exclude<Step['do'], 'hold'>): void => {
  if (what === 'out' || what === 'back') item.isOut = what === 'out'
  else if (what === 'dropped') accounts.dropped(item, 'age')
  else if (what === 'release') accounts.release(item)
  else if (what === 'sent') accounts.sent(item)
  else accounts.rejected(item, new Error('no'))
}

/** Plays steps, and writes down what was told. */
const play = (steps: readonly Step[]) => {
  const { accounts, told, ended, victims } = openAccounts()
  const faults: string[] = []
  const items: Item[] = []
  for (const step of steps) {
    if (step.do !== 'hold') {
      const item = items[step.which % Math.max(1, items.length)]
      if (item) change(accounts, item, step.do)
      continue
    }
    const item = itemOf(notificationOf(`n${items.length}`, step.kind), envelopeOf(0, 0), items.length)
    items.push(item)
    const before = [...accounts.held, item]
    const victim = before.length > 5 ? nextOf(before) : undefined
    victims.length = 0
    accounts.hold(item)
    if (victims[0] !== victim) faults.push(`${victims[0]} made room, and not ${victim}`)
  }
  return { told, ended, faults, items, held: accounts.held }
}

describe('where there is room for five', () => {
  it('the oldest display makes room, then the oldest click, and each end is told once', PATIENCE, () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { told, ended, faults, items, held } = play(steps)
        expect(faults).toEqual([])
        expect(new Set(told).size).toBe(told.length)
        expect(ended.sort()).toEqual(told.sort())
        for (const item of held) expect(told).not.toContain(idOf(item))
        expect(held.size).toBeLessThanOrEqual(5 + items.filter(({ isOut }) => isOut).length)
      }),
      runs(300),
    )
  })
})

/** A queue without a storage, and the calls that it makes, each of which is answered by hand. */
const openQueue = () => {
  const calls: { ids: string[]; acknowledge(): void }[] = []
  const dropped: string[] = []
  const ids = ({ items }: Batch): string[] => items.map(idOf)
  const parts: QueueParts = {
    send: (batch) =>
      new Promise((go) => {
        calls.push({ ids: ids(batch), acknowledge: () => go(new Set(ids(batch))) })
      }),
    leave(batch) {
      // A browser takes no more than so much.
      if (calls.length) return undefined
      calls.push({ ids: ids(batch), acknowledge() {} })
      return {}
    },
    isConfirmed: false,
    delay: 1,
    count: 50,
    retries: 0,
    patience: 1_000,
    maxAge: 1e12,
    now: () => Date.now(),
    isOnline: () => true,
    idle: (work) => work(),
    storage: () => undefined,
    client: 'acme',
    onTrouble() {},
    onRetry() {},
    onSent() {},
    onRejected() {},
    onDropped: ({ id }) => dropped.push(id),
  }
  const queue = createQueue(parts)
  let added = 0
  const add = (count: number): void => {
    for (let more = 0; more < count; more++) queue.add(notificationOf(`n${added++}`, 'display'), envelopeOf(0, 0))
  }
  return { queue, calls, dropped, add }
}
const span = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, index) => `n${from + index}`)

describe('20,000 that wait', () => {
  it('are the most, and who made room is not sent when the call before it is answered', async () => {
    const { queue, calls, dropped, add } = openQueue()
    add(50)
    await expect.poll(() => calls.length).toBe(1)
    add(20_000)
    expect(queue.pending()).toBe(20_000)
    expect(dropped).toEqual(span(50, 100))
    calls[0]?.acknowledge()
    await expect.poll(() => calls.length).toBe(2)
    expect(calls[1]?.ids).toEqual(span(100, 150))
  })

  it('do not leave with the page when they have made room', async () => {
    const { queue, calls, dropped, add } = openQueue()
    add(20_040)
    expect(dropped).toEqual(span(0, 40))
    queue.leave(true)
    expect(calls[0]?.ids).toEqual(span(40, 90))
  })
})

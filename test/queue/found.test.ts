import { afterEach, describe, expect, it } from 'vitest'
import { startTime, stopTime } from './life.ts'
import { type Answer, type AnswerKind, WELL } from './model-edge.ts'
import type { StorageKind } from './model-storage.ts'
import type { BeaconFate } from './network.ts'
import { type Step as OwnerStep, playOwners } from './owners.ts'
import { play } from './play.ts'
import type { Step } from './script.ts'

// The shortest stories in which the properties of queue.properties.test.ts once did not hold.

afterEach(stopTime)

/** An answer after `after` ms; `wait` in seconds. */
const answer = (kind: AnswerKind, after = 0, wait = 0): Answer => ({ kind, isCounted: false, after, wait })
const add = (count = 1, more: Partial<Extract<Step, { do: 'add' }>> = {}): Step => ({
  do: 'add',
  tab: 0,
  visitor: 0,
  place: 0,
  size: 3,
  isPoison: false,
  ...more,
  count,
})
const wait = (ms: number): Step => ({ do: 'wait', ms })
const flush: Step = { do: 'flush', tab: 0, timeout: undefined, isAwaited: false }
const ask: Step = { do: 'ask', tab: 0, visitor: 0, place: 0 }
const [hide, linger, end, comeBack, crash] = (['hide', 'linger', 'end', 'return', 'crash'] as const).map(
  (what): Step => ({ do: what, tab: 0 }),
) as [Step, Step, Step, Step, Step]
const open: Step = { do: 'open' }
const large = { size: 4_000 }

interface Story {
  storage?: StorageKind
  answers?: Answer[]
  beacon?: BeaconFate
  seed?: number
  steps: Step[]
}

/** What came of a story, as counts. */
const tell = async ({ storage = 'locks', answers = [WELL], beacon = 'counted', seed = 0, steps }: Story) => {
  startTime(seed)
  const options = { retries: 0, count: 50, isConfirmed: true }
  const { ledger } = await play({ storage, answers, beacons: [beacon], options, seed }, steps)
  const entries = [...ledger.entries.values()]
  return {
    faults: ledger.faults,
    sent: entries.filter(({ fates }) => `${fates}` === 'sent').length,
    rejected: entries.filter(({ fates }) => `${fates}` === 'rejected').length,
  }
}

const fine = { faults: [], rejected: 0 }

describe('a page that hides', () => {
  it('does not send again, in a flush that goes on, what a beacon took', async () => {
    const steps = [
      add(50, { isPoison: true }),
      add(1, { place: 1 }),
      flush,
      wait(300),
      add(40, { ...large, place: 1 }),
      hide,
    ]
    expect(await tell({ answers: [answer('all', 300)], steps })).toEqual({ ...fine, sent: 90, rejected: 1 })
  })

  it('sends again by itself what a beacon took and nobody confirmed, if it lives on', async () => {
    const steps = [add(46, large), wait(1_831), add(), hide]
    expect(await tell({ answers: [answer('malformed'), WELL], beacon: 'lost', steps })).toEqual({ ...fine, sent: 47 })
  })

  it('does not call while a session is barred for what left by the other exit', async () => {
    const steps = [add(1, { isPoison: true }), add(1, { place: 1 }), ask, add(), wait(300), hide, wait(5_000)]
    expect(await tell({ answers: [answer('420', 0, 2)], steps })).toEqual({ ...fine, sent: 2, rejected: 1 })
  })

  it('sends again what a beacon took before it was on its way', async () => {
    // Others fill what may outlive the page, and the session's own calls are all under way.
    const steps = [add(14, { ...large, visitor: 1 }), ask, add(10, large), wait(300), hide, wait(40_000)]
    const answers = [answer('all', 2_500), WELL]
    expect(await tell({ answers, beacon: 'lost', steps })).toEqual({ ...fine, sent: 24 })
  })
})

describe('a page that comes back', () => {
  it('does not write again what another has sent meanwhile', async () => {
    expect(await tell({ steps: [add(), end, open, wait(31_000), comeBack] })).toEqual({ ...fine, sent: 1 })
  })

  it('remembers that its session is barred', async () => {
    const answers = [answer('420', 0, 40), WELL]
    expect(await tell({ answers, steps: [add(), wait(300), linger, wait(4_000), flush] })).toEqual({ ...fine, sent: 1 })
  })

  it('sends what it had before what it adds', async () => {
    for (const ms of [1, 300]) {
      const steps = [add(40, large), end, comeBack, wait(ms), add()]
      expect(await tell({ beacon: 'refused', steps })).toEqual({ ...fine, sent: 41 })
    }
  })

  it('keeps nothing under its old name, which somebody else may hold', async () => {
    const steps: Step[] = [
      add(),
      { do: 'storage', health: 'full' },
      add(2, { place: 2 }),
      end,
      open,
      { do: 'storage', health: 'well' },
      wait(5_000),
      comeBack,
      wait(200_000),
    ]
    const answers = [answer('hang'), answer('hang'), WELL, answer('503', 0, 200)]
    expect(await tell({ answers, beacon: 'refused', steps })).toEqual({ ...fine, sent: 3 })
  })
})

describe('a page that is about to go, and stays', () => {
  it('keeps nothing under a name that it forgot', async () => {
    expect(await tell({ answers: [answer('429'), WELL], steps: [linger, add(40), wait(1_484)] })).toEqual({
      ...fine,
      sent: 40,
    })
  })

  it.each([
    ['what it adds', [linger, add(), open, wait(5_000)]],
    ['what it hands over', [linger, add(2), hide, open]],
  ])('leaves %s to nobody', async (_, steps) => {
    const { faults } = await tell({ answers: [answer('all', 2_500), WELL], steps })
    expect(faults).toEqual([])
  })

  it('hears that an earlier page was asked to wait', async () => {
    const steps: Step[] = [add(), wait(400), open, add(1, { tab: 1 }), { do: 'linger', tab: 1 }]
    expect(await tell({ answers: [answer('503', 0, 40), WELL], steps })).toEqual({ ...fine, sent: 2 })
  })
})

describe('what somebody left', () => {
  it('is sent in the order in which it happened, whatever the storage does with its keys', async () => {
    for (let seed = 0; seed < 10; seed++) {
      expect(await tell({ seed, steps: [add(40, large), crash] })).toEqual({ ...fine, sent: 40 })
    }
  })

  it('is found by one of two who look at the same moment, also without locks', async () => {
    expect(await tell({ storage: 'stamps', steps: [add(40, large), end, open, open] })).toEqual({ ...fine, sent: 40 })
  })

  it('is not taken from one who lives because somebody looked when it took its name', async () => {
    const steps = [add(), add(40, { visitor: 1 }), open, wait(250)]
    for (let seed = 0; seed < 20; seed++) {
      const story: Story = { storage: 'remote', answers: [answer('hang'), WELL], seed, steps }
      expect(await tell(story)).toEqual({ ...fine, sent: 41 })
    }
  })

  it('waits for as long as its call may be on the way, and not for as long as it stood behind others', async () => {
    const answers = [answer('all', 2_500), WELL]
    expect(await tell({ answers, steps: [ask, add(40), wait(900), crash] })).toEqual({ ...fine, sent: 40 })
  })
})

describe('Retry-After', () => {
  it('is not shortened by another answer', async () => {
    const answers = [answer('503', 10, 2), answer('429', 0, 40), WELL]
    expect(await tell({ answers, steps: [add(), add(1, { visitor: 1 }), wait(255)] })).toEqual({ ...fine, sent: 2 })
  })

  it('is not shortened for a session either', async () => {
    const answers = [answer('420', 10, 2), answer('420', 0, 40), WELL]
    expect(await tell({ answers, steps: [add(), add(1, { place: 1 }), hide, wait(5_000)] })).toEqual({
      ...fine,
      sent: 2,
    })
  })

  it('stops calls that stand behind others', async () => {
    const answers = [WELL, WELL, answer('503', 0, 40), WELL]
    const steps = [add(2, { ...large, visitor: 1, isPoison: true }), add(40), ask, wait(5_000)]
    expect(await tell({ answers, steps })).toEqual({ ...fine, sent: 41, rejected: 1 })
  })

  it('holds for an edge cluster though somebody of another one is first in line', async () => {
    const answers = [answer('none'), answer('429', 0, 40), WELL]
    const steps = [add(1, { place: 2 }), add(1, { visitor: 1 }), wait(256), add(50)]
    expect(await tell({ answers, steps })).toEqual({ ...fine, sent: 52 })
  })
})

describe('a page that opens', () => {
  it('knows that an earlier one was asked to wait before it sends for the first time', async () => {
    const steps: Step[] = [add(), wait(400), crash, open, add(40), flush]
    expect(await tell({ answers: [answer('429', 0, 40), WELL], steps })).toEqual({ ...fine, sent: 41 })
  })
})

describe('a storage', () => {
  it('that did not let go of what is settled is asked again', async () => {
    const steps: Step[] = [add(50, large), { do: 'storage', health: 'broken' }, wait(1_000)]
    expect(await tell({ steps })).toEqual({ ...fine, sent: 50 })
  })

  it('that fails later, when nobody waits for it, does no harm', async () => {
    const steps: Step[] = [add(), wait(1_000), { do: 'storage', health: 'broken' }, { do: 'close', tab: 0 }]
    const { faults } = await tell({ storage: 'remote', answers: [answer('500')], steps })
    expect(faults).toEqual([])
  })

  it('that is full still has what was in it', async () => {
    const steps: Step[] = [add(40), { do: 'storage', health: 'full' }, wait(252), end]
    expect(await tell({ answers: [answer('420', 0, 40), WELL], steps })).toEqual({ ...fine, sent: 40 })
  })
})

describe('a name', () => {
  const one = { owner: 0, visitor: 0 }
  const found: OwnerStep = { do: 'add', ...one }
  const stories: [string, OwnerStep[]][] = [
    [
      'is not taken from one who says at that moment that it is about to go',
      [found, { do: 'wait', ms: 3_000 }, { do: 'open' }, { do: 'linger', owner: 0 }],
    ],
    [
      'is let go of by one who came back before it was given',
      [found, { do: 'suspend', owner: 0 }, { do: 'restore', owner: 0 }],
    ],
    ['is not taken from one who is about to take it', [found, { do: 'open' }]],
    [
      'is let go of by one who could not read what lies under it',
      [
        found,
        { do: 'wait', ms: 3_000 },
        { do: 'die', owner: 0 },
        { do: 'open' },
        { do: 'wait', ms: 0 },
        { do: 'storage', health: 'broken' },
        { do: 'wait', ms: 10 },
        { do: 'storage', health: 'well' },
        { do: 'wait', ms: 1_000 },
      ],
    ],
  ]
  it.each(stories)('%s', async (_, steps) => {
    for (const seed of [...Array(20).keys(), 756_994]) {
      const { faults, ownerless, stored } = await playOwners('locks', seed, steps)
      // That the storage fails is told.
      expect(faults.filter((fault) => !fault.includes('does not take'))).toEqual([])
      expect({ ownerless, stored }).toEqual({ ownerless: [], stored: [] })
    }
  })
})

describe('a visitor who opts out', () => {
  const optOut: Step = { do: 'optOut', tab: 0 }

  it('is not told of by a call that stood behind others', async () => {
    const { faults } = await tell({ steps: [ask, add(), flush, optOut, wait(2_000)] })
    expect(faults).toEqual([])
  })

  it.each(['420', '429'] as const)('does not shorten the pause after %s', async (kind) => {
    const { faults } = await tell({
      answers: [answer(kind, 10, 40), WELL],
      steps: [add(), flush, optOut, add(), wait(300)],
    })
    expect(faults).toEqual([])
  })

  it('leaves nothing to others by saying so while the page is about to go', async () => {
    const steps = [linger, add(40, large), optOut, add(40), open, wait(5)]
    const { faults } = await tell({ answers: [answer('all', 2_500)], steps })
    expect(faults).toEqual([])
  })
})

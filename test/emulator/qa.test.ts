import { describe, expect, it } from 'vitest'
import { previewOf } from '../../src/delivery/preview-link.ts'
import { createEmulator, type Offers } from '../../src/emulator.ts'
import { ask, named } from './call.ts'

type Edge = ReturnType<typeof createEmulator>
const gold = { id: 50, name: 'Gold', rule: { '==': [{ var: 'mbox.plan' }, 'gold'] } }

/** Everybody sees the first of two experiences. */
const activity = (id: number, more: object = {}) => ({
  id,
  name: `A${id}`,
  experiences: [
    { name: 'Now', offers: { [`m${id}`]: `now ${id}` } },
    { name: 'Next', share: 0, preview: `look ${id}`, offers: { [`m${id}`]: `next ${id}` } },
  ],
  ...more,
})
const offers: Offers = {
  environments: [{ id: 2, name: 'staging' }],
  activities: [
    activity(1),
    activity(2, { qa: { token: 'spring+1/=' }, audience: gold }),
    activity(3, { qa: { token: 'other' } }),
    activity(4, { qa: { token: 'spring+1/=' }, environments: ['staging'] }),
  ],
}
const token = 'spring+1/='
const contentOf = async (edge: Edge, request: object, parameters: object = {}) => {
  const mboxes = [1, 2, 3, 4].map((id, index) => ({ index, name: `m${id}`, parameters }))
  const answered = await ask(edge, { ...request, prefetch: { mboxes } })
  return answered.message ?? answered.prefetch?.mboxes?.map(({ options }) => options?.[0]?.content)
}

describe('a QA token', () => {
  it('lists activities, and indexes count in them', async () => {
    const edge = createEmulator({ offers })
    const qaMode = { token, previewIndexes: [{ activityIndex: 2, experienceIndex: 2 }] }
    expect(await contentOf(edge, { qaMode })).toEqual(['now 1', undefined, 'now 3', 'next 4'])
    const other = { token: 'other', previewIndexes: [{ activityIndex: 1, experienceIndex: 2 }] }
    expect(await contentOf(edge, { qaMode: other })).toEqual(['now 1', undefined, 'next 3', undefined])
    expect(edge.requests.map(({ warnings }) => warnings)).toEqual([[], []])
  })

  it('alone takes part when it is asked to', async () => {
    const qaMode = { token, listedActivitiesOnly: true, previewIndexes: [{ activityIndex: 2 }] }
    expect(await contentOf(createEmulator({ offers }), { qaMode }, { plan: 'gold' })).toEqual([
      undefined,
      'now 2',
      undefined,
      'now 4',
    ])
  })

  it.each([
    ['unknown', { token: 'wrong' }, 'Invalid qaMode token'],
    ['missing', {}, 'qaMode.token is required'],
  ])('that is %s makes the request invalid, and nothing of it is counted', async (_, qaMode, message) => {
    const edge = createEmulator({ offers })
    const answered = await ask(edge, { qaMode, execute: named('m1') })
    expect(answered).toMatchObject({ status: 400, message: expect.stringContaining(message) })
    expect(edge.ledger.entries).toEqual([])
  })

  it('may be any one where the file sets none: indexes are positions in the file', async () => {
    const edge = createEmulator({ offers: { activities: [activity(1), activity(2)] } })
    const qaMode = { token: 'any', previewIndexes: [{ activityIndex: 2, experienceIndex: 2 }] }
    expect(await contentOf(edge, { qaMode })).toEqual(['now 1', 'next 2', undefined, undefined])
  })
})

it('an activity that is asked for runs for every property, and counts', async () => {
  const edge = createEmulator({ offers: { activities: [activity(1, { property: 'p-1' })] } })
  const qaMode = { token: 'any', previewIndexes: [{ activityIndex: 1 }] }
  expect((await contentOf(edge, { qaMode }))?.[0]).toBe('now 1')
  expect((await contentOf(edge, {}))?.[0]).toBeUndefined()
  await ask(edge, { qaMode, execute: named('m1') })
  expect(edge.ledger.total('impression', { qa: true })).toBe(1)
})

describe('audiences in QA mode', () => {
  const qa = (more: object = {}) => ({
    qaMode: { token, previewIndexes: [{ activityIndex: 1, experienceIndex: 2 }], ...more },
  })
  const second = async (request: object, parameters?: object) =>
    (await contentOf(createEmulator({ offers }), request, parameters))?.[1]

  it('that have an id are asked, unless the request says that they are met, or not', async () => {
    expect(await second(qa())).toBeUndefined()
    expect(await second(qa(), { plan: 'gold' })).toBe('next 2')
    expect(await second(qa({ evaluateAsTrueAudienceIds: [50] }))).toBe('next 2')
    expect(await second(qa({ evaluateAsFalseAudienceIds: [50] }), { plan: 'gold' })).toBeUndefined()
    expect(await second(qa({ evaluateAsFalseAudienceIds: [50], evaluateAsTrueAudienceIds: [50] }))).toBe('next 2')
  })

  it('are also those of activities that nobody asks for', async () => {
    const qaMode = { token, evaluateAsTrueAudienceIds: [50] }
    expect(await second({ qaMode })).toBe('now 2')
    expect(await second({})).toBeUndefined()
  })

  it('without an id count as met', async () => {
    const { id: _, ...audience } = gold
    const edge = createEmulator({ offers: { activities: [activity(1, { audience })] } })
    const qaMode = { token: 'any', previewIndexes: [{ activityIndex: 1, experienceIndex: 2 }] }
    expect((await contentOf(edge, { qaMode }))?.[0]).toBe('next 1')
  })
})

describe('a preview token', () => {
  it('shows one experience, to whomever its activity is for, and counts apart', async () => {
    const edge = createEmulator({ offers })
    const preview = { token: 'look 2' }
    expect(await contentOf(edge, { preview })).toEqual(['now 1', 'next 2', 'now 3', undefined])
    await ask(edge, { preview, execute: named('m2') })
    expect([edge.ledger.total('impression'), edge.ledger.total('impression', { qa: true })]).toEqual([0, 1])
  })

  it('that is unknown makes the request invalid, unless the file has none', async () => {
    const preview = { token: 'wrong' }
    expect(await contentOf(createEmulator({ offers }), { preview })).toContain('Invalid preview token')
    const edge = createEmulator({ offers: { m1: 'x' } })
    expect(await contentOf(edge, { preview })).toEqual(['x', undefined, undefined, undefined])
  })
})

describe('QA links', () => {
  it('show what they say, when a page sends on what they ask for', async () => {
    const edge = createEmulator({ offers })
    const links = edge.qaLinks()
    expect(links.map(({ activity, experience }) => [activity, experience])).toEqual(
      [2, 3, 4].flatMap((id) => [
        [id, 'Now'],
        [id, 'Next'],
      ]),
    )
    for (const { activity: id, experience, query } of links) {
      const { qaMode } = previewOf(query)
      const shown = await contentOf(edge, { qaMode })
      expect(shown?.[id - 1]).toBe(`${experience.toLowerCase()} ${id}`)
    }
  })

  it('are for every activity where the file sets no tokens', async () => {
    const edge = createEmulator({ offers: { activities: [activity(1), activity(2)] } })
    expect(edge.qaLinks()).toHaveLength(4)
    expect(edge.qaLinks()[3]).toEqual({
      activity: 2,
      experience: 'Next',
      query: '?at_preview_token=qa&at_preview_index=2_2&at_preview_listed_activities_only=true',
    })
    edge.update({ activities: [activity(2)] })
    expect(edge.qaLinks()).toHaveLength(2)
  })
})

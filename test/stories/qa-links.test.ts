import { expect, test } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { mboxes, TargetClient } from '../../src/server.ts'

// A QA link shows an experience, and goes on doing so on the pages after it.

const edge = createEmulator({ offers: { hero: '<h1>Hello</h1>' } })
const target = TargetClient.create({ client: 'acme', organizationId: 'ABC@AdobeOrg', fetchApi: edge })
const asking = { request: { prefetch: { mboxes: mboxes('hero') } } }

/** A page of the shop: what was sent for it, and the cookies that it leaves. */
const open = async (query: string, cookies: readonly string[] = []) => {
  edge.reset()
  const headers = { cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; ') }
  const visitor = target.visitor(new Request(`https://shop.example/${query}`, { headers }))
  await visitor.getOffers(asking)
  const { qaMode, preview } = (edge.requests[0]?.body ?? {}) as { qaMode?: object; preview?: object }
  return { qaMode, preview, cookies: visitor.setCookies() }
}

const LINK =
  '?at_preview_token=abc&at_preview_index=1_2&at_preview_index=2_1&at_preview_evaluate_as_true_audience_ids=5_6'
const MODE = {
  token: 'abc',
  evaluateAsTrueAudienceIds: [5, 6],
  previewIndexes: [
    { activityIndex: 1, experienceIndex: 2 },
    { activityIndex: 2, experienceIndex: 1 },
  ],
}

test('89. both indexes of a QA link are asked for, and kept for the next page', async () => {
  const first = await open(LINK)
  expect(first.qaMode).toEqual(MODE)
  const kept = first.cookies.find((cookie) => cookie.startsWith('at_qa_mode='))
  expect(kept).toMatch(/; Max-Age=1860;/)
  expect(JSON.parse(decodeURIComponent(`${kept}`.split(/[=;]/)[1] ?? ''))).toMatchObject(MODE)
  const next = await open('cart', first.cookies)
  expect(next.qaMode).toEqual(MODE)
})

test('an address with an empty token ends it', async () => {
  const { cookies } = await open(LINK)
  const last = await open('?at_preview_token=', cookies)
  expect(last.qaMode).toBeUndefined()
  expect(last.cookies).toContainEqual(expect.stringMatching(/^at_qa_mode=; Max-Age=0;/))
})

test('90. a preview link is kept likewise', async () => {
  const first = await open('?at_preview=token-1')
  expect(first.preview).toEqual({ token: 'token-1' })
  expect((await open('', first.cookies)).preview).toEqual({ token: 'token-1' })
})

test('cookies that another library or a stranger wrote cost no offer', async () => {
  const written = (mode: unknown) => [`at_qa_mode=${encodeURIComponent(JSON.stringify(mode))}`]
  const strings = {
    token: 'abc',
    listedActivitiesOnly: true,
    evaluateAsTrueAudienceIds: ['5', 'x'],
    previewIndexes: [{ activityIndex: '1' }],
  }
  expect((await open('', written(strings))).qaMode).toEqual({
    token: 'abc',
    listedActivitiesOnly: true,
    evaluateAsTrueAudienceIds: [5],
    previewIndexes: [{ activityIndex: 1 }],
  })
  for (const hostile of [
    null,
    5,
    'text',
    [],
    { token: 5 },
    { token: 'a', previewIndexes: 'no' },
    { token: 'b', previewIndexes: [null] },
  ]) {
    await expect(open('', written(hostile))).resolves.toBeDefined()
  }
  await expect(open('', ['at_qa_mode=%'])).resolves.toMatchObject({ qaMode: undefined })
})

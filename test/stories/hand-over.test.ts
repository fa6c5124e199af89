import { afterEach, expect, test, vi } from 'vitest'
import { TargetClient as PageClient } from '../../src/browser.ts'
import { createEmulator } from '../../src/emulator.ts'
import { mboxes, TargetClient } from '../../src/server.ts'
import { openPage } from '../delivery-api/page.ts'

// The server asks, the page shows: nothing is asked twice, and everything is counted once.

const account = { client: 'acme', organizationId: 'ABC@AdobeOrg' }
const edge = createEmulator({ ...account, offers: { hero: '<h1>Sun</h1>', teaser: '<p>Tea</p>', banner: 'Sale' } })
const target = TargetClient.create({ ...account, fetchApi: edge })
afterEach(() => {
  vi.unstubAllGlobals()
  edge.reset()
})

const render = async (request: Request): Promise<Response> => {
  const visitor = target.visitor(request)
  const { response } = await visitor.getOffers({
    request: { execute: { mboxes: mboxes('banner') }, prefetch: { mboxes: mboxes('hero', 'teaser') } },
  })
  const html = `
    <main>${response.prefetch?.mboxes?.[0]?.options?.[0]?.content}</main>
    <script>serverState = ${visitor.dehydrate()}</script>`
  const answer = new Response(html, { headers: { 'content-type': 'text/html' } })
  for (const cookie of visitor.setCookies()) answer.headers.append('set-cookie', cookie)
  return answer
}

/** The page that a browser makes of an answer. */
const open = async (answer: Response): Promise<string> => {
  openPage({ url: 'https://shop.example/' })
  for (const cookie of answer.headers.getSetCookie()) document.cookie = cookie
  return /serverState = (.*)<\/script>/.exec(await answer.text())?.[1] ?? ''
}

test('a page goes on where its server stopped', async () => {
  const serverState = await open(await render(new Request('https://shop.example/')))
  expect(edge.requests).toHaveLength(1)

  const target = PageClient.create({ ...account, serverState, fetchApi: edge })
  const { response } = await target.getOffers({ request: { prefetch: { mboxes: mboxes('hero') } } })
  expect(response.prefetch?.mboxes?.[0]?.options?.[0]?.content).toBe('<h1>Sun</h1>')
  expect(edge.requests, 'nothing was asked again').toHaveLength(1)

  for (const mbox of response.prefetch?.mboxes ?? []) target.display(mbox)
  await target.close()
  expect(edge.ledger.total('impression'), 'the banner by the server, the hero by the page').toBe(2)
  expect(edge.ledger.activities()[0]?.experiences[0]).toMatchObject({ visitors: 1, visits: 1 })
})

test('what the server did not ask for is asked for, and comes in the order of the question', async () => {
  const serverState = await open(await render(new Request('https://shop.example/')))
  const target = PageClient.create({ ...account, serverState, fetchApi: edge })
  const { response } = await target.getOffers({
    request: {
      execute: { mboxes: mboxes('flags', 'banner') },
      prefetch: { mboxes: mboxes('hero', 'footer', 'teaser') },
    },
  })
  expect(edge.requests[1]?.body).toMatchObject({
    execute: { mboxes: [{ name: 'flags', index: 0 }] },
    prefetch: { mboxes: [{ name: 'footer', index: 1 }] },
  })
  expect(response.execute?.mboxes?.map(({ name, index }) => [name, index])).toEqual([
    ['flags', 0],
    ['banner', 1],
  ])
  expect(response.prefetch?.mboxes?.map(({ name, index }) => [name, index])).toEqual([
    ['hero', 0],
    ['footer', 1],
    ['teaser', 2],
  ])
  expect(edge.ledger.total('impression'), 'the banner was not executed again').toBe(1)
})

test('a framework that hydrates has its offers at once', async () => {
  const serverState = await open(await render(new Request('https://shop.example/')))
  const target = PageClient.create({ ...account, serverState, fetchApi: edge })
  const offers = target.offered({ prefetch: { mboxes: mboxes('teaser') } })
  const [teaser] = offers?.prefetch?.mboxes ?? []
  expect(teaser?.options?.[0]?.content).toBe('<p>Tea</p>')
  if (teaser) target.display(teaser)
  expect(target.offered({ prefetch: { mboxes: mboxes('footer') } })).toBeUndefined()
  await target.close()
  expect(edge.ledger.total('impression')).toBe(2)
})

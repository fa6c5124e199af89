import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { http } from 'msw'
import { setupServer } from 'msw/node'
import { expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/emulator.ts'
import { mboxes, TargetClient } from '../../src/server.ts'
import { edgeMatchers } from '../../src/testing.ts'
import { excerpts, pages, root, samples } from '../docs/markdown.ts'
import { ran, runSample } from '../docs/run-sample.ts'

// What docs/testing.md tells testers to paste. What is a file there is run by Playwright and Storybook, in test/browsers.

const PAGE = join('docs', 'testing.md')
const text = pages.get(PAGE) ?? ''

const shop = () => {
  const experiences = [{ name: 'Sun', offers: { hero: '<h1>Sun</h1>' } }]
  const activities = [{ id: 1, name: 'Summer hero', experiences, conversions: ['thanks'] }]
  const edge = createEmulator({ offers: { activities } })
  return { edge, target: TargetClient.create({ client: 'acme', organizationId: 'ABC@AdobeOrg', fetchApi: edge }) }
}

it('in memory, what is shown has counted', async () => {
  expect(await runSample('testing-in-memory')).toEqual({ impressions: 1 })
})

it('msw answers for Target', async () => {
  const modules = { msw: { http }, 'msw/node': { setupServer } }
  const { edge, server } = (await runSample('testing-msw', { modules })) as {
    edge: Emulator
    server: ReturnType<typeof setupServer>
  }
  server.listen({ onUnhandledFrame: 'error' })
  const target = TargetClient.create({ client: 'acme', organizationId: 'ABC@AdobeOrg' })
  await target.getOffers({ request: { execute: { mboxes: mboxes('hero') } } })
  await target.close()
  server.close()
  expect(edge.ledger.total('impression')).toBe(1)
})

it('the matchers pass for a visitor who does all of it', async () => {
  const { edge, target } = shop()
  const visitor = target.visitor('')
  const asked = { name: 'hero', parameters: { size: 4 } }
  const { response } = await visitor.getOffers({ request: { prefetch: { mboxes: [asked] } } })
  visitor.display(response.prefetch!.mboxes![0]!)
  const order = { id: 'o-1', total: 19.5 }
  visitor.notify({ id: 'n-1', type: 'display', timestamp: Date.now(), mbox: { name: 'thanks' }, order })
  visitor.notify({ id: 'n-2', type: 'display', timestamp: Date.now(), mbox: { name: 'elsewhere' } })
  await visitor.flush()
  await runSample('testing-matchers', { modules: { vitest: { expect } }, scope: { edge } })
})

it('a message reads as shown', async () => {
  const edge = createEmulator({ offers: { hero: '' } })
  const target = TargetClient.create({ client: 'acme', organizationId: 'ABC@AdobeOrg', fetchApi: edge })
  target.visitor('').notify({ id: 'n-1', type: 'display', timestamp: Date.now(), mbox: { name: 'thanks' } })
  await target.close()
  const { message } = edgeMatchers.toHaveCounted(edge, { conversions: 1 })
  expect(message()).toBe(/```text\n([\s\S]*?)\n```/.exec(text)?.[1])
})

it('the recipes are the files that run', () => {
  const here = excerpts.filter(({ page }) => page === PAGE)
  expect(here.length).toBe(4)
  for (const { file, code } of here) expect(code).toBe(readFileSync(join(root, file), 'utf8'))
})

it('every sample has run, or is a type', () => {
  const mine = samples.filter(({ page, language }) => page === PAGE && language === 'ts')
  expect(mine.filter(({ name = '' }) => !ran.has(name)).map(({ name }) => name)).toEqual(['testing-types-vitest'])
})

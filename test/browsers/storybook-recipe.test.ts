import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBrowsers } from '../../scripts/ensure-browsers.mjs'
import { launchChromium } from './engines/chromium.ts'
import { openPageSite } from './page-site.ts'

// The decorator of docs/testing.md: its stories, drawn and played by Storybook's portable stories. One browser will do: what React shows in
// each of them is tested elsewhere.

const { chromium } = findBrowsers()

const STORIES = `
  import { composeStories } from '@storybook/react'
  import { configure } from 'storybook/test'
  import * as stories from '../testing/storybook/hero.stories.tsx'
  // A busy machine may stand still for seconds.
  configure({ asyncUtilTimeout: 20_000 })
  const composed = composeStories(stories)
  globalThis.play = async (name) => {
    const story = composed[name]
    try {
      await story.run()
    } catch (error) {
      return 'failed: ' + error.message
    }
    return document.querySelector('h1')?.textContent + ' ' + story.parameters.edge.ledger.total('impression')
  }`

const bundle = async (): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: STORIES, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    jsx: 'automatic',
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"development"' },
    nodePaths: [join(import.meta.dirname, '../../node_modules')],
  })
  return outputFiles[0]!.text
}

let site: Awaited<ReturnType<typeof openPageSite>>
beforeAll(async () => {
  const code = await bundle()
  site = await openPageSite({
    '/stories.js': (_, response) => void response.writeHead(200, { 'content-type': 'text/javascript' }).end(code),
  })
  site.pages.set('/', { body: '<script type="module" src="/stories.js"></script>' })
})
afterAll(() => site.close())

test.skipIf(!chromium && !process.env.CI)('the stories show their offers, and count them', async () => {
  const browser = await launchChromium(`${chromium}`, {})
  const page = await browser.open(`${site.url}/`, { profile: 'stories' })
  await expect.poll(() => page.evaluate(() => typeof Reflect.get(globalThis, 'play'))).toBe('function')
  const play = (name: string) =>
    page.evaluate((story) => (Reflect.get(globalThis, 'play') as (name: string) => Promise<string>)(story), name)
  expect(await play('Summer')).toBe('Summer 1')
  expect(await play('DefaultContent')).toBe('Our shop 0')
  await browser.close()
})

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEmulator, type Listening } from '../../src/emulator.ts'
import { samples } from '../docs/markdown.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'
import { openPageSite } from './page-site.ts'

// What the pages tell page authors to paste, as it stands; only the edge is a local one.

const edge = createEmulator({ offers: { hero: '<b>Sun</b>', cart: '<i>2 items</i>' } })
let edgeServer: Listening
let site: Awaited<ReturnType<typeof openPageSite>>

beforeAll(async () => {
  edgeServer = await edge.listen(0)
  site = await openPageSite()
})
afterAll(async () => {
  site.close()
  await edgeServer.close()
})

const codeOf = (name: string): string => {
  const found = samples.find((sample) => sample.name === name)
  if (!found) throw new Error(`no sample is named ${name}`)
  return found.code
}
/** Settings that readers do not need. */
const local = () =>
  `<script>isotargetSettings = { serverDomain: '127.0.0.1:${edgeServer.port}', secure: false }</script>`
const served = (code: string) => code.replace(/src="[^"]*isotarget\.global\.js"/, 'src="/isotarget.global.js"')

describeEngines('the script tag of the pages', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  test.for(['readme-script-tag', 'script-tag'])('%s shows its offer and counts it', async (name) => {
    edge.reset()
    site.pages.set(`/${name}`, { body: local() + served(codeOf(name)) })
    const page = await browser.open(`${site.url}/${name}`, { profile: name })
    const text = () => page.evaluate(() => document.querySelector('[data-mbox]')?.innerHTML)
    await expect.poll(text).toBe('<b>Sun</b>')
    await expect.poll(() => edge.ledger.total('impression')).toBe(1)
    await page.close()
  })

  test('a file that was changed on its way is not run', async () => {
    const list = JSON.parse(readFileSync(new URL('../../dist/integrity.json', import.meta.url), 'utf8'))
    const right: string = list['isotarget.global.js'].integrity
    const code = served(codeOf('script-tag-integrity'))
    const bodyWith = (hash: string) => `<p data-mbox="hero">default</p>${local()}${code.replace('sha384-…', hash)}`
    site.pages.set('/right', { body: bodyWith(right) }).set('/changed', { body: bodyWith(`sha384-${'A'.repeat(64)}`) })
    edge.reset()
    const changed = await browser.open(`${site.url}/changed`, { profile: 'changed' })
    const unchanged = await browser.open(`${site.url}/right`, { profile: 'right' })
    const text = (page: Page) => page.evaluate(() => document.querySelector('[data-mbox]')?.innerHTML)
    await expect.poll(() => text(unchanged)).toBe('<b>Sun</b>')
    await expect.poll(() => edge.ledger.total('impression')).toBe(1)
    await expect.poll(() => changed.evaluate(() => document.readyState)).toBe('complete')
    expect(await changed.evaluate(() => typeof Reflect.get(globalThis, 'isotarget'))).toBe('undefined')
    expect(await text(changed)).toBe('default')
    await Promise.all([changed.close(), unchanged.close()])
  })

  test('the stub keeps calls until the script is there', async () => {
    edge.reset()
    const body = `<p id="cart">empty</p>${local()}${codeOf('script-tag-stub')}${served(codeOf('script-tag'))}`
    site.pages.set('/stub', { body })
    const page = await browser.open(`${site.url}/stub`, { profile: 'stub' })
    await expect.poll(() => page.evaluate(() => document.querySelector('#cart')?.innerHTML)).toBe('<i>2 items</i>')
    await page.close()
  })

  test('by hand it is the same', async () => {
    edge.reset()
    const code = codeOf('script-tag-by-hand').replace(
      "organizationId: 'ABC@AdobeOrg'",
      `organizationId: 'ABC@AdobeOrg', serverDomain: '127.0.0.1:${edgeServer.port}', secure: false`,
    )
    site.pages.set('/hand', { body: `<p id="hero">default</p><script src="/isotarget.global.js"></script>${code}` })
    const page = await browser.open(`${site.url}/hand`, { profile: 'by hand' })
    await expect.poll(() => page.evaluate(() => document.querySelector('#hero')?.innerHTML)).toBe('<b>Sun</b>')
    await expect.poll(() => edge.ledger.total('impression')).toBe(1)
    await page.close()
  })
})

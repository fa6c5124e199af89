import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Plugin } from 'esbuild'
import { compile } from 'svelte/compiler'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { compileScript, parse } from 'vue/compiler-sfc'
import { type ClientOptions, mboxes, TargetClient } from '../../src/server.ts'
import { root, samples } from '../docs/markdown.ts'
import { runSample } from '../docs/run-sample.ts'
import { openTestSite } from './dom-site.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser } from './engines/engine.ts'
import { bundleForPage, loadOnServer, type Side } from './hydration-build.ts'
import { accountOf, type Edge, type Here, htmlOf, LISTENER, openEdge, saidIn } from './hydration-shop.ts'
import { scriptTag } from './page-site.ts'

// What docs/frameworks.md tells authors to paste, as it stands; only the edge is a local one.

const HERO = '[data-mbox="hero"]'
const OFFER = '<b>Sun</b>'
const ran = new Set<string>()

const codeOf = (name: string): string => {
  ran.add(name)
  const found = samples.find((sample) => sample.name === name)
  if (!found) throw new Error(`no sample is named ${name}`)
  return found.code
}

/** A component of the page, compiled as its framework does. */
const compiled = {
  tsx: (code: string) => code,
  vue(code: string, side: Side) {
    const { descriptor } = parse(code, { filename: 'shop.vue' })
    const ssr = side === 'server'
    return compileScript(descriptor, {
      id: 'shop',
      inlineTemplate: true,
      templateOptions: { ssr, ssrCssVars: [] },
    }).content
  },
  svelte: (code: string, side: Side) => compile(code, { generate: side, dev: true, filename: 'shop.svelte' }).js.code,
}
type Language = keyof typeof compiled

/** A client whose edge is that of the page. */
const localClient = (door: string) => `
  import { TargetClient as Real } from '${door}'
  export * from '${door}'
  export const TargetClient = { create: (options) => Real.create({ ...options, ...globalThis.local }) }`

/** Finds the samples of the page, and the built files. */
const samplesOf = (sample: string, app: { component: string; language: Language }, side: Side): Plugin => ({
  name: 'samples',
  setup({ onResolve, onLoad }) {
    const built = (name: string) => join(root, 'dist', `${name}.js`)
    onResolve({ filter: /^isotarget\/dom$/ }, () => ({ path: built('dom') }))
    onResolve({ filter: /^(isotarget(\/browser)?|shop|\.\/use-offers)$/ }, ({ path }) => ({
      path,
      namespace: 'sample',
    }))
    onLoad({ filter: /./, namespace: 'sample' }, ({ path }) => {
      const resolveDir = import.meta.dirname
      if (path === 'shop') {
        const contents = compiled[app.language](codeOf(app.component), side)
        return { contents, resolveDir, loader: app.language === 'tsx' ? 'tsx' : 'ts' }
      }
      if (path === './use-offers') return { contents: codeOf(sample), resolveDir, loader: 'ts' }
      return { contents: localClient(built(side === 'client' ? 'browser' : 'server')), resolveDir }
    })
  },
})

const APPS = [
  {
    name: 'React',
    sample: 'react-offers',
    component: 'frameworks-react',
    language: 'tsx',
    server: `import { createElement } from 'react'
      import { renderToString } from 'react-dom/server'
      import { Shop } from 'shop'
      export const toHtml = (props) => renderToString(createElement(Shop, props))`,
    client: `import { createElement, StrictMode } from 'react'
      import { hydrateRoot } from 'react-dom/client'
      import { Shop } from 'shop'
      hydrateRoot(document.querySelector('#root'), createElement(StrictMode, null, createElement(Shop, props)))`,
  },
  {
    name: 'Vue',
    sample: 'vue-offers',
    component: 'frameworks-vue',
    language: 'vue',
    server: `import { createSSRApp } from 'vue'
      import { renderToString } from 'vue/server-renderer'
      import Shop from 'shop'
      export const toHtml = (props) => renderToString(createSSRApp(Shop, props))`,
    client: `import { createSSRApp } from 'vue'
      import Shop from 'shop'
      createSSRApp(Shop, props).mount('#root')`,
  },
  {
    name: 'Svelte',
    sample: 'svelte-offers',
    component: 'frameworks-svelte',
    language: 'svelte',
    server: `import { render } from 'svelte/server'
      import Shop from 'shop'
      export const toHtml = (props) => render(Shop, { props }).body`,
    client: `import { hydrate } from 'svelte'
      import Shop from 'shop'
      hydrate(Shop, { target: document.querySelector('#root'), props })`,
  },
] as const

const localOf = (edge: Edge): string =>
  `<script>local = { serverDomain: '127.0.0.1:${edge.port}', secure: false, notificationDelay: 10 }</script>`

const pageOf = (head: string, body: string) => ({
  text: `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${LISTENER}${head}<body>${body}</body>`,
  type: 'text/html',
})

describeEngines('frameworks.md', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  test.for(APPS)('$name: after hydration, and before it by the script tag', async (app) => {
    const { sample, server, client } = app
    const items = { items: ['Hat', 'Shoe'] }
    const plugins = (side: Side) => [samplesOf(sample, app, side)]
    const code = await bundleForPage(`const props = ${JSON.stringify(items)}\n${client}`, plugins('client'))
    const { toHtml } = await loadOnServer<{ toHtml(props: object): string }>(server, plugins('server'))
    const root = `<div id="root">${await toHtml(items)}</div>`
    const edge = await openEdge({ offers: { hero: OFFER } })
    const tag = scriptTag({ ...accountOf(edge), mboxes: 'hero', views: false })
    const late = (delay: number) =>
      `<script>setTimeout(() => import('/client.js').then(() => (done = true)), ${delay})</script>`
    // There the component renders nothing: what stays is what the script tag has rendered.
    const deaf = "<script>local = { serverDomain: '127.0.0.1:1', secure: false, retries: 0 }</script>"
    const site = await openTestSite({
      '/after': pageOf(localOf(edge), root + late(0)),
      '/before': pageOf(deaf + tag.replace('/isotarget', '/dist/isotarget'), root + late(200)),
      '/client.js': { text: code },
    })
    for (const path of ['/after', '/before']) {
      const page = await browser.open(site.url + path, { profile: app.name + path })
      onTestFinished(() => page.close())
      await expect.poll(() => htmlOf(page, HERO)).toBe(OFFER)
      const isDone = () => page.evaluate(() => (globalThis as { done?: boolean }).done)
      await expect.poll(isDone).toBe(true)
      expect(await htmlOf(page, 'ul')).toContain('Hat')
      expect(await htmlOf(page, HERO)).toBe(OFFER)
      expect(await saidIn(page)).toEqual([])
    }
    await expect.poll(() => edge.edge.ledger.total('impression')).toBe(2)
    await sleep(150)
    expect(edge.arrived()).toHaveLength(2)
  })

  test('the script tag asks early, and renders when it is told', async () => {
    const edge = await openEdge({ offers: { hero: OFFER } })
    const tag = codeOf('frameworks-script-tag').replace('/js/', '/dist/')
    const settings = localOf(edge).replace('local', 'isotargetSettings')
    const site = await openTestSite({ '/tag': pageOf(settings + tag, '<div data-mbox="hero">old</div>') })
    const page = await browser.open(`${site.url}/tag`, { profile: 'tag' })
    onTestFinished(() => page.close())
    await expect.poll(() => edge.edge.requests.length).toBe(1)
    expect(await htmlOf(page, HERO)).toBe('old')
    await page.evaluate(async () => {
      const { isotarget, offers } = globalThis as unknown as Here
      await isotarget('render', await offers, { keep: true })
    })
    expect(await htmlOf(page, HERO)).toBe(OFFER)
    await expect.poll(() => edge.edge.ledger.total('impression')).toBe(1)
  })

  test('a server decides, and the page reports it once', async () => {
    const edge = await openEdge({ offers: { hero: OFFER } })
    const serverDomain = `127.0.0.1:${edge.port}`
    const create = (options: ClientOptions) => TargetClient.create({ ...options, serverDomain, secure: false })
    codeOf('frameworks-server')
    const { answered } = (await runSample('frameworks-server', {
      modules: { 'isotarget/server': { mboxes, TargetClient: { create } } },
      scope: {
        request: new Request('http://127.0.0.1/report'),
        page: (hero: string, answer: string) =>
          `<div data-mbox="hero">${hero}</div><script id="answer" type="application/json">${answer}</script>`,
      },
    })) as { answered: Response }
    const cookie = answered.headers.getSetCookie().find((cookie) => cookie.startsWith('mbox='))!
    const body = `${await answered.text()}<script type="module" src="/report.js"></script>`
    const code = await bundleForPage(codeOf('frameworks-report'), [
      samplesOf('', { component: '', language: 'tsx' }, 'client'),
    ])
    const site = await openTestSite({
      '/report': { ...pageOf(localOf(edge), body), headers: { 'set-cookie': cookie } },
      '/report.js': { text: code },
    })
    const page = await browser.open(`${site.url}/report`, { profile: 'report' })
    onTestFinished(() => page.close())
    expect(await htmlOf(page, HERO)).toBe(OFFER)
    await expect.poll(() => edge.edge.ledger.total('impression')).toBe(1)
    await sleep(150)
    expect(edge.edge.requests).toHaveLength(2)
    expect(await saidIn(page)).toEqual([])
  })

  test('has no sample that was not tried', () => {
    const mine = samples.filter(({ page, name }) => page.endsWith('frameworks.md') && name)
    expect(mine.map(({ name = '' }) => name).filter((name) => !ran.has(name))).toEqual([])
  })
})

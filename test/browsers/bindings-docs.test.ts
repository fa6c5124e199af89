import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Plugin } from 'esbuild'
import type { ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { compileScript, parse } from 'vue/compiler-sfc'
import { root, samples } from '../docs/markdown.ts'
import { askedOf, displaysOf } from './bindings-shop.ts'
import { openTestSite } from './dom-site.ts'
import { describeEngines } from './engines/describe-engines.ts'
import type { Browser, Page } from './engines/engine.ts'
import { bundleForPage, loadOnServer, type Side } from './hydration-build.ts'
import { type Edge, htmlOf, LISTENER, openEdge, saidIn } from './hydration-shop.ts'

// What docs/react.md and docs/vue.md tell authors to paste, as it stands; only the edge is a local one.

const EXPERIENCE = {
  offers: { hero: '<b>Sun</b>', promo: { json: { title: 'Summer sale' } }, flags: { json: { columns: 4 } } },
  views: { home: [{ type: 'setAttribute', selector: '#root', content: { title: 'Sunny' } }] },
}
const ran = new Set<string>()

const codeOf = (name: string): string => {
  ran.add(name)
  const found = samples.find((sample) => sample.name === name)
  if (!found) throw new Error(`no sample is named ${name}`)
  return `${found.preamble}\n${found.code}`
}

/** An app as readers have one: the components of the page, without their provider. */
const reactApp = (waiting: boolean): string =>
  codeOf('react-begin')
    .replace(/<\/?TargetProvider.*>/g, (tag) => (tag.startsWith('</') ? '</>' : '<>'))
    .replace("useOffer('promo')", `useOffer('promo', { suspense: ${waiting} })`)
    .replace("'columns', 3)", `'columns', 3, { suspense: ${waiting} })`)
    .replace('name="hero"', `name="hero" suspense={${waiting}}`)

const vueApp = (waiting: boolean, side: Side): string => {
  const block = codeOf('vue-component')
  const code = waiting
    ? block
        .replace("useOffer('promo')", "useOffer('promo', { wait: true })")
        .replace("'columns', 3)", "'columns', 3, { wait: true })")
        .replace('name="hero"', 'name="hero" wait')
    : block
  const { descriptor } = parse(code, { filename: 'app.vue' })
  const templateOptions = { ssr: side === 'server', ssrCssVars: [] }
  const { content } = compileScript(descriptor, { id: 'app', inlineTemplate: true, templateOptions })
  return content.replace('export default', 'export const App =')
}

/** A client whose edge is that of the test. */
const localClient = (door: string): string => `
  import { TargetClient as Real } from '${door}'
  export * from '${door}'
  export const TargetClient = { create: (options) => Real.create({ ...options, ...globalThis.local }) }`

/** Finds the doors as they are built, and the modules of the reader. */
const readersOf = (side: Side, modules: Record<string, string> = {}): Plugin => ({
  name: 'readers',
  setup({ onResolve, onLoad }) {
    const built = (name: string) => join(root, 'dist', `${name}.js`)
    onResolve({ filter: /^isotarget\/(react|vue)$/ }, ({ path }) => ({ path: built(path.slice('isotarget/'.length)) }))
    onResolve({ filter: /^(isotarget(\/browser|\/server)?|app|@\/app\/offers|next\/headers)$/ }, ({ path }) => ({
      path,
      namespace: 'reader',
    }))
    onLoad({ filter: /./, namespace: 'reader' }, ({ path }) => {
      const contents = modules[path] ?? localClient(built(side === 'client' ? 'browser' : 'server'))
      return { contents, resolveDir: import.meta.dirname, loader: 'tsx' }
    })
  },
})

const load = <Exports>(name: string, modules: Record<string, string>): Promise<Exports> =>
  loadOnServer<Exports>(`export * from 'app-server'; import * as all from 'app-server'; export default all.default`, [
    readersOf('server', modules),
    {
      name: 'sample',
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^app-server$/ }, ({ path }) => ({ path, namespace: 'sample' }))
        onLoad({ filter: /./, namespace: 'sample' }, () => ({
          contents: `${modules.app ? "import { App } from 'app'\n" : ''}${codeOf(name)}`,
          resolveDir: import.meta.dirname,
          loader: 'tsx',
        }))
      },
    },
  ])

const pageCode = (code: string, app: string): Promise<string> =>
  bundleForPage(`import './entry'`, [
    readersOf('client', { app }),
    {
      name: 'entry',
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^\.\/entry$/ }, ({ path }) => ({ path, namespace: 'entry' }))
        onLoad({ filter: /./, namespace: 'entry' }, () => ({
          contents: `import { App } from 'app'\n${code}`,
          resolveDir: import.meta.dirname,
          loader: 'tsx',
        }))
      },
    },
  ])

const localOf = ({ port }: Edge) => ({ serverDomain: `127.0.0.1:${port}`, secure: false, notificationDelay: 10 })

describeEngines('the pages of bindings', (engine) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await engine.launch()
  })
  afterAll(() => browser?.close())

  /** Opens HTML with its script, as the reader's own server would serve it. */
  const open = async (edge: Edge, code: string, { html = '<div id="root"></div>', cookies = [] as string[] } = {}) => {
    const script = html.includes('/page.js') ? '' : '<script type="module" src="/page.js"></script>'
    const head = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${LISTENER}`
    const local = `<script>local = ${JSON.stringify(localOf(edge))}</script>`
    const cookie = cookies.find((one) => one.startsWith('mbox='))
    const site = await openTestSite({
      '/docs': {
        text: `${head}${local}<body>${html}${script}</body>`,
        type: 'text/html',
        ...(cookie && { headers: { 'set-cookie': cookie } }),
      },
      '/page.js': { text: code },
    })
    const page = await browser.open(`${site.url}/docs`)
    onTestFinished(() => page.close())
    return page
  }

  /** A server of the reader, whose edge is that of the test. */
  const onServer = (edge: Edge): void => {
    Object.assign(globalThis, { local: localOf(edge) })
    onTestFinished(() => void Reflect.deleteProperty(globalThis, 'local'))
  }

  const seesAll = async (page: Page, edge: Edge, calls: number): Promise<void> => {
    await expect.poll(() => displaysOf(edge)).toEqual(['flags', 'hero', 'promo', 'view home'])
    expect(await htmlOf(page, 'main div, #root div')).toBe('<b>Sun</b>')
    expect(await htmlOf(page, 'h2')).toBe('Summer sale')
    expect(askedOf(edge).filter(Boolean)).toHaveLength(calls)
    expect(await saidIn(page)).toEqual([])
  }

  test('react.md begins', async () => {
    const edge = await openEdge(EXPERIENCE)
    const mount = `import { createRoot } from 'react-dom/client'
      createRoot(document.querySelector('#root')).render(<App />)`
    const page = await open(edge, await pageCode(mount, codeOf('react-begin')))
    await seesAll(page, edge, 1)
    expect(await page.evaluate(() => (document.querySelector('#root') as HTMLElement).title)).toBe('Sunny')
  })

  test('react.md renders on a server, and the page goes on', async () => {
    const edge = await openEdge(EXPERIENCE)
    onServer(edge)
    const app = reactApp(false)
    const { handle } = await load<{ handle(request: Request): Promise<Response> }>('react-server', { app })
    const answer = await handle(new Request('http://127.0.0.1/docs'))
    const html = await answer.text()
    expect(html).toContain('<b>Sun</b>')
    const code = await pageCode(codeOf('react-page'), app)
    await seesAll(await open(edge, code, { html, cookies: answer.headers.getSetCookie() }), edge, 1)
  })

  test('react.md streams, and the page goes on', async () => {
    const edge = await openEdge(EXPERIENCE)
    onServer(edge)
    const app = reactApp(true)
    type Handle = (req: object, res: object) => void
    const { handle } = await load<{ handle: Handle }>('react-stream', { app })
    const server = createServer(handle)
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    onTestFinished(() => void server.close())
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/docs`)
    const html = `${await answer.text()}</div>`
    expect(html).toContain('<b>Sun</b>')
    const code = await pageCode(codeOf('react-page'), app)
    await seesAll(await open(edge, code, { html, cookies: answer.headers.getSetCookie() }), edge, 1)
  })

  test('vue.md begins', async () => {
    const edge = await openEdge(EXPERIENCE)
    const code = await pageCode(codeOf('vue-begin'), vueApp(false, 'client'))
    await seesAll(await open(edge, code), edge, 1)
  })

  test('vue.md renders on a server, and the page goes on', async () => {
    const edge = await openEdge(EXPERIENCE)
    onServer(edge)
    type Handle = (request: Request) => Promise<Response>
    const { handle } = await load<{ handle: Handle }>('vue-server', { app: vueApp(true, 'server') })
    const answer = await handle(new Request('http://127.0.0.1/docs'))
    const html = await answer.text()
    expect(html).toContain('<b>Sun</b>')
    const code = await pageCode(codeOf('vue-page'), vueApp(true, 'client'))
    await seesAll(await open(edge, code, { html, cookies: answer.headers.getSetCookie() }), edge, 1)
  })

  test('react.md renders in Next.js what its server was answered, for visitors that are known', async () => {
    const edge = await openEdge(EXPERIENCE)
    onServer(edge)
    const next = `
      export const headers = async () => globalThis.requested
      export const cookies = async () => ({ has: (name) => globalThis.requested.get('cookie')?.includes(name + '=') })`
    type Layout = (props: { children: ReactNode }) => Promise<ReactNode>
    const { default: Layout } = await load<{ default: Layout }>('react-next-layout', {
      '@/app/offers': codeOf('react-next-offers'),
      'next/headers': `${next}`,
    })
    Object.assign(globalThis, { requested: new Headers({ cookie: 'mbox=session#s1#9999999999' }) })
    const page = await Layout({ children: 'child' })
    expect(renderToString(page)).toContain('<body>child')
    expect(JSON.stringify(page)).toContain('<b>Sun</b>')
    expect(askedOf(edge)).toEqual([['hero', 'promo']])
    Object.assign(globalThis, { requested: new Headers() })
    await Layout({ children: 'child' })
    expect(askedOf(edge)).toHaveLength(1)
    Reflect.deleteProperty(globalThis, 'requested')
  })

  test('have no sample that was not tried', () => {
    // What names are known is a matter of the compiler.
    const named = ['react-names', 'vue-names']
    const mine = samples.filter(({ page, name = '' }) => /docs.(react|vue)\.md$/.test(page) && !named.includes(name))
    expect(mine.map(({ name = '' }) => name).filter((name) => !ran.has(name))).toEqual([])
  })
})

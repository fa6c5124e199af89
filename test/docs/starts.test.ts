import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { pages, root } from './markdown.ts'
import { commandsOf, expectSaid, filesOf, openStart, pack, promisesOf, textOf } from './starts.ts'

// Each page of docs/start as a new user follows it, with the package as it is published and an edge that a shell has started.
// Pages that need a browser have one in test/browsers/starts.test.ts.

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

beforeAll(async () => void (await pack()))

const BEGIN = ['mkdir shop && cd shop', 'npm init -y', 'npm install isotarget']
const EDGE = 'npx isotarget edge activities.json'

const open = async (page: string) => {
  const start = await openStart(page)
  onTestFinished(() => start.close())
  return start
}

/** What the compiler says against programs, as editors do that check JavaScript. */
const complaints = (files: string[]): string[] => {
  const program = ts.createProgram(files, {
    allowJs: true,
    checkJs: true,
    noEmit: true,
    strict: false,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  })
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)
}

it('a server that renders', async () => {
  expect(commandsOf('ssr')).toEqual([...BEGIN, EDGE, 'node server.mjs', 'curl -i http://localhost:3000/'])
  const [edgeLine = '', pageLine = '', row = '', ...headers] = promisesOf('ssr')
  const start = await open('ssr')
  const edge = start.start(EDGE)
  await expectSaid(() => edge.out, [edgeLine, pageLine].map(start.here))
  const server = start.start('node server.mjs')
  await expectSaid(() => server.out, [start.here('http://localhost:3000/')])

  const visit = async (cookie = '') => {
    const answer = await fetch(`http://localhost:${start.port('app')}/`, { headers: { cookie } })
    const cookies = answer.headers.getSetCookie().map((line) => line.split(';')[0])
    return { text: await answer.text(), cookie: cookies.join('; ') }
  }
  const texts = new Set<string>()
  for (let visitor = 0; visitor < 30 && texts.size < 2; visitor++) {
    const first = await visit()
    expect((await visit(first.cookie)).text, 'a visitor keeps the experience').toBe(first.text)
    texts.add(/<h1>(.*)<\/h1>/.exec(first.text)?.[1] ?? '')
  }
  expect([...texts].sort()).toEqual(['Our summer collection', 'Sun for everybody'])
  await expectSaid(() => edge.out, [row])
  const answer = await start.type('curl -si http://localhost:3000/')
  await expectSaid(() => answer, headers)

  edge.child.kill('SIGKILL')
  await vi.waitFor(async () => expect((await visit()).text).toContain('Our summer collection'))
  expect(server.out).toContain('The default is shown')
})

it('flags', async () => {
  expect(commandsOf('flags')).toEqual([
    ...BEGIN.slice(0, 2),
    'npm install isotarget @openfeature/server-sdk',
    EDGE,
    'node flags.mjs',
    'node openfeature.mjs',
  ])
  const promises = promisesOf('flags')
  const start = await open('flags')

  const edge = start.start(EDGE)
  await expectSaid(() => edge.out, promises.slice(0, 2).map(start.here))
  for (const time of ['the first', 'the second']) {
    expect((await start.type('node flags.mjs')).trim().split('\n'), time).toEqual(promises.slice(2, 5))
  }
  expect((await start.type('node openfeature.mjs')).trim().split('\n')).toEqual(promises.slice(5))

  const activities = filesOf('flags').get('activities.json') ?? ''
  start.write('activities.json', activities.replace('"share": 90', '"share": 50').replace('"share": 10', '"share": 50'))
  await vi.waitFor(async () => expect(await start.type('node flags.mjs')).toMatch(/^(3[5-9]|[45]\d|6[0-5]) of 100 /), {
    timeout: 20_000,
  })
})

it('tests', async () => {
  expect(commandsOf('testing')).toEqual([...BEGIN, 'npm install --save-dev vitest', 'npx vitest run'])
  const start = await open('testing')
  const out = await start.type('npx vitest run')
  await expectSaid(() => out, promisesOf('testing'))
})

it('programs compile', async () => {
  const starts = await Promise.all(['ssr', 'flags', 'testing'].map(open))
  const files = starts.flatMap(({ folder }) =>
    readdirSync(folder).flatMap((name) => (/(?<!test)\.mjs$/.test(name) ? [join(folder, name)] : [])),
  )
  expect(files.length).toBe(4)
  expect(complaints(files)).toEqual([])
})

it('every program of the pages is followed here, or in a browser', () => {
  const here = ['start-ssr', 'start-flags', 'start-openfeature', 'start-testing', 'start-testing-tests']
  const inBrowsers = ['start-page-author', 'start-page-author-order', 'start-spa-page', 'start-spa']
  const names = [...pages].flatMap(([page, text]) =>
    page.startsWith(join('docs', 'start'))
      ? [...text.matchAll(/^(?:<!-- sample: ([\w-]+)\n(?:.*\n)*?-->\n)?```(?:ts|js|html)$/gm)].map(([, name]) => name)
      : [],
  )
  expect(names.sort()).toEqual([...here, ...inBrowsers].sort())
})

it.each(['page-author', 'spa', 'ssr', 'flags', 'testing'])('%s ends with the account', (page) => {
  expect(textOf(page)).toMatch(/^## \d\. Your account\n\n(Two lines|Nothing)/m)
  expect([...filesOf(page).keys()].length).toBeGreaterThan(1)
})

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { beforeAll, describe, expect, it, vi } from 'vitest'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const strict: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: [],
}

/** A program of one file that exists only here, as a neighbour of this one. */
const compile = (name: string, code: string, options: ts.CompilerOptions) => {
  const file = join(import.meta.dirname, name).replaceAll('\\', '/')
  const settings = { ...strict, ...options }
  const host = ts.createCompilerHost(settings, true)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (path) => path === file || fileExists(path)
  host.readFile = (path) => (path === file ? code : readFile(path))
  host.getSourceFile = (path, ...rest) =>
    path === file
      ? ts.createSourceFile(path, code, ...(rest.slice(0, 1) as [ts.ScriptTarget]))
      : getSourceFile(path, ...rest)
  const program = ts.createProgram([file], settings, host)
  return { program, source: program.getSourceFile(file)! }
}
const messageOf = ({ file, start = 0, length = 0, messageText }: ts.Diagnostic) =>
  `${file?.fileName} ${file?.text.slice(start, start + length)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`

const isDeclaration = (name: string) => /\.d\.c?ts$/.test(name)
let written: string[]

// The package may have to be built, and whole programs are checked.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

beforeAll(() => {
  const build = "import { freshDist } from './scripts/fresh-dist.mjs'; freshDist()"
  execFileSync(process.execPath, ['--input-type=module', '--eval', build], { cwd: root })
  written = readdirSync(join(root, 'dist')).filter(isDeclaration)
})

it('know nothing of the library that checks', () => {
  expect(written.length).toBeGreaterThan(0)
  expect(written.filter((name) => read(`dist/${name}`).includes('valibot'))).toEqual([])
})

it.each(['.d.ts', '.d.cts'])('stay small: all %s', (extension) => {
  const sizes = written.filter((name) => name.endsWith(extension)).map((name) => read(`dist/${name}`).length)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(160_000)
})

const consumer = `
  import { TargetClient, TargetError, type DeliveryRequestInput, type Result } from 'isotarget'
  import * as browser from 'isotarget/browser'
  import * as server from 'isotarget/server'
  import { createEmulator, type Offers } from 'isotarget/emulator'

  const offers: Offers = { activities: [{ id: 1, name: 'A', experiences: [{ name: 'B', offers: { hero: '<b>' } }] }] }
  const options = { client: 'c', organizationId: 'o', fetchApi: createEmulator({ offers }) }
  const request: DeliveryRequestInput = { execute: { mboxes: [server.mbox('hero', { parameters: { size: 4, on: true } })] } }
  // @ts-expect-error A misspelt member.
  export const misspelt: DeliveryRequestInput = { contxt: {} }
  // @ts-expect-error What goes over the wire has a channel.
  export const unfinished: server.DeliveryRequest = { context: {} }

  export const run = async (): Promise<string | undefined> => {
    const { request: sent, response }: Result = await TargetClient.create(options).getOffers({ request })
    const channel: 'web' | 'mobile' = sent.context.channel
    const asked: string[] = (sent.prefetch?.mboxes ?? []).map(({ name, index }) => name + index.toFixed())
    const [option] = response.execute?.mboxes?.[0]?.options ?? []
    const shown = browser.TargetClient.create(options).display({ options: option ? [option] : undefined })
    if (shown instanceof TargetError) throw shown
    return shown?.timestamp.toFixed() ?? asked[0] ?? channel
  }`

describe('type-check where they are used,', () => {
  const { Bundler, NodeNext } = ts.ModuleResolutionKind
  it.each([
    ['a module of Node', 'consumer.mts', { module: ts.ModuleKind.NodeNext, moduleResolution: NodeNext }],
    ['a CommonJS module of Node', 'consumer.cts', { module: ts.ModuleKind.NodeNext, moduleResolution: NodeNext }],
    ['a bundler', 'consumer.ts', { module: ts.ModuleKind.Preserve, moduleResolution: Bundler }],
  ])('in %s', (_, name, options) => {
    const { program } = compile(name, consumer, { ...options, skipLibCheck: false, skipDefaultLibCheck: true })
    const files = program.getSourceFiles().filter(({ fileName }) => /\/dist\/.*\.d\.c?ts$/.test(fileName))
    expect(files.length).toBeGreaterThan(3)
    expect(ts.getPreEmitDiagnostics(program).map(messageOf)).toEqual([])
  })
})

/** The names of the types that a door exports. */
const typesOf = (door: string) =>
  [...read(`src/${door}.ts`).matchAll(/^export (type )?\{(.*?)\}/gms)].flatMap(
    ([, all, list = '']) => list.match(all ? /\w+/g : /(?<=\btype )\w+/g) ?? [],
  )
const given: Record<string, string> = {
  Listener: "<'request'>",
  ListenerOptions: '<object>',
  MswHttp: '<number>',
  ProviderOptions: '<object>',
  ServerResolve: '<string>',
  WebResolve: '<string>',
}
const sameness = (name: string) => {
  const type = `${name}${given[name] ?? ''}`
  return `export const ${name}: Same<source.${type}, dist.${type}> = true`
}

/** What an editor shows for the members of a type, and for their members. */
const commentsOf = (checker: ts.TypeChecker, type: ts.Type, path: string): [path: string, comment: string][] => {
  const members = checker.getPropertiesOfType(checker.getNonNullableType(type))
  const isOurs = ({ declarations = [] }: ts.Symbol) =>
    declarations.some((node) => !node.getSourceFile().fileName.includes('/node_modules/'))
  return members.filter(isOurs).flatMap((member): [string, string][] => {
    const name = `${path}.${member.name}`
    const tags = member.getJsDocTags(checker).map((tag) => `@${tag.name} ${ts.displayPartsToString(tag.text)}`)
    const comment = [ts.displayPartsToString(member.getDocumentationComment(checker)), ...tags]
      .filter(Boolean)
      .join(' ')
    const own = checker.getNonNullableType(checker.getTypeOfSymbol(member))
    const inner = checker.getIndexTypeOfType(own, ts.IndexKind.Number) ?? own
    return [...(comment ? [[name, comment] as [string, string]] : []), ...commentsOf(checker, inner, name)]
  })
}

const ofClients = {
  'DeliveryRequestInput.requestId': 'Echoed in the answer; at most 128 characters. @default a new id',
  'DeliveryRequestInput.context.browser.host': 'Host of the page; it decides the environment.',
  'Notification.timestamp': 'When it happened, in epoch ms.',
  'Context.channel': "Only activities of this channel are evaluated. @default 'web'",
  'DeliveryResponse.execute.mboxes.options.eventToken':
    'Goes back in the display notification; prefetched content only.',
}
const ofProviders = {
  'ServerProviderOptions.display': 'False reads flags without counting that they were shown. @default true',
  'Place.mbox': 'Name of the mbox.',
}
const ofMatchers = { 'Counts.visits': 'Different sessions with an impression.' }
const ofEmulator = { 'OffersFile.activities.audience.channel': '`web` or `mobile`.' }

describe.each([
  ['server', ofClients],
  ['browser', ofClients],
  ['emulator', ofEmulator],
  ['openfeature', ofProviders],
  ['testing', ofMatchers],
])('the types of the door %s', (door, samples) => {
  const names = typesOf(door)
  const code = `
    import type * as source from '../../src/${door}.ts'
    import type * as dist from 'isotarget/${door}'
    type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
    ${names.map(sameness).join('\n')}`
  const options = {
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    types: ['node'],
  }
  let program: ts.Program
  let checker: ts.TypeChecker
  let neighbour: ts.SourceFile
  beforeAll(() => {
    ;({ program, source: neighbour } = compile('same.ts', code, options))
    checker = program.getTypeChecker()
  })

  const commentsIn = (path: string) => {
    const file = program.getSourceFile(join(root, path).replaceAll('\\', '/'))!
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(file)!)
    const comments = exported.flatMap((symbol) => {
      const { Alias } = ts.SymbolFlags
      const type = checker.getDeclaredTypeOfSymbol(symbol.flags & Alias ? checker.getAliasedSymbol(symbol) : symbol)
      return commentsOf(checker, type, symbol.name)
    })
    return Object.fromEntries(comments)
  }

  it('are those of the source', () => {
    expect(names.length).toBeGreaterThan(5)
    expect(program.getSemanticDiagnostics(neighbour).map(messageOf)).toEqual([])
  })

  it('keep the comments of their members', () => {
    const comments = commentsIn(`src/${door}.ts`)
    expect(Object.keys(comments).length).toBeGreaterThan(20)
    expect(commentsIn(`dist/${door}.d.ts`)).toMatchObject(comments)
  })

  it('say what they said', () => {
    expect(commentsIn(`dist/${door}.d.ts`)).toMatchObject(samples)
  })
})

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it, vi } from 'vitest'
import { anchorsOf, links, pages, root, type Sample, samples } from './markdown.ts'

vi.setConfig({ testTimeout: 60_000 })

/** What a compiler of TypeScript reads of a sample, and how it takes it. */
const readable = ({ language, code }: Sample): [text: string, extension: string] => {
  if (language !== 'vue' && language !== 'svelte') return [code, language]
  const [, attributes = '', script = ''] = /<script([^>]*)>([\s\S]*?)<\/script>/.exec(code) ?? []
  return [script, attributes.includes('ts') ? 'ts' : 'js']
}

/** Each block of code as a file of its own, named after its page and its place there. */
const sources = new Map<string, string>()
/** The file of the block before, on the same page: what a component imports from beside itself. */
const before = new Map<string, string>()
for (const [at, sample] of samples.filter(({ language, name }) => language !== 'html' && name).entries()) {
  const [code, extension] = readable(sample)
  const folder = join(root, sample.page.replaceAll(/[/.\\]/g, '-'))
  const last = [...sources.keys()].at(-1)
  const file = `${folder}-${at}.${extension}`
  if (last?.startsWith(`${folder}-`)) before.set(file, last)
  sources.set(file, `export {}\n${sample.preamble}\n${code}`)
}

/** What the compiler says against the samples, for a reader who writes strict TypeScript. */
const complaints = (): string[] => {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root)
  const door = (name: string) => [join(root, `src/${name}.ts`)]
  const compilerOptions: ts.CompilerOptions = {
    ...options,
    noUnusedLocals: false,
    noUnusedParameters: false,
    jsx: ts.JsxEmit.ReactJSX,
    allowJs: true,
    checkJs: true,
    types: ['node', 'svelte', 'vue'],
    paths: { isotarget: door('browser'), 'isotarget/*': door('*') },
  }
  const host = ts.createCompilerHost(compilerOptions)
  const { fileExists, getSourceFile, readFile } = host
  host.fileExists = (name) => sources.has(name) || fileExists(name)
  host.readFile = (name) => sources.get(name) ?? readFile(name)
  host.getSourceFile = (name, version) => {
    const text = sources.get(name)
    return text === undefined ? getSourceFile(name, version) : ts.createSourceFile(name, text, version)
  }
  const cache = ts.createModuleResolutionCache(root, (name) => name, compilerOptions)
  host.resolveModuleNameLiterals = (names, from) =>
    names.map(({ text: name }) => {
      const beside = name.startsWith('./') ? before.get(from) : undefined
      if (beside) return { resolvedModule: { resolvedFileName: beside, extension: ts.Extension.Ts } }
      return ts.resolveModuleName(name, from, compilerOptions, host, cache)
    })
  const declared = join(root, 'test/docs/frameworks.d.ts')
  const program = ts.createProgram([...sources.keys(), declared], compilerOptions, host)
  return ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => !file || sources.has(file.fileName))
    .map(({ file, start = 0, messageText }) =>
      [
        file?.fileName,
        file?.text.slice(0, start).split('\n').length,
        ts.flattenDiagnosticMessageText(messageText, ' '),
      ].join(':'),
    )
}

describe('the pages', () => {
  it('hold TypeScript that compiles in strict mode', () => {
    expect(sources.size).toBeGreaterThan(20)
    expect(complaints()).toEqual([])
  })

  it('link to files and headings that exist', () => {
    const broken = links.filter(({ file, anchor }) => {
      if (!existsSync(join(root, file))) return true
      return anchor !== undefined && !anchorsOf(pages.get(file) ?? '').includes(anchor)
    })
    expect(links.length).toBeGreaterThan(20)
    expect(broken).toEqual([])
  })

  it('are all listed in docs/README.md or in one that it lists', () => {
    const reachable = new Set(['README.md'])
    for (const page of reachable) for (const { page: from, file } of links) if (from === page) reachable.add(file)
    expect([...pages.keys()].filter((page) => !reachable.has(page))).toEqual([])
  })
})

/** Names of the members of an interface, or the words of a union. */
const namesIn = (file: string, name: string): string[] => {
  const path = join(root, 'src', file)
  const source = ts.createSourceFile(path, ts.sys.readFile(path) ?? '', ts.ScriptTarget.Latest)
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement) && statement.name.text === name) {
      return statement.members.map((member) => member.name?.getText(source) ?? '')
    }
    if (ts.isTypeAliasDeclaration(statement) && statement.name.text === name && ts.isUnionTypeNode(statement.type)) {
      return statement.type.types.map((word) => word.getText(source).slice(1, -1))
    }
  }
  throw new Error(`no ${name} in ${file}`)
}

it.each([
  ['client/options.ts', 'ClientOptions'],
  ['client/options.ts', 'CallOptions'],
  ['client/result.ts', 'Result'],
  ['client/events.ts', 'ClientEvents'],
  ['delivery/error.ts', 'TargetErrorCode'],
])('client.md names every member of %s: %s', (file, name) => {
  const page = pages.get(join('docs', 'client.md')) ?? ''
  expect(namesIn(file, name).filter((member) => !page.includes(`\`${member}\``))).toEqual([])
})

describe('the decisions', () => {
  const decisions = [...pages].filter(([page]) => page.startsWith(join('docs', 'decisions')))

  it('are numbered without a gap', () => {
    const numbers = decisions.map(([page]) => Number(/(\d{3})-[a-z\d-]+\.md$/.exec(page)?.[1])).sort((a, b) => a - b)
    expect(numbers).toEqual(numbers.map((_, at) => at + 1))
  })

  it.each(decisions)('%s asks, answers, and says why and what it costs', (_, text) => {
    expect([...text.matchAll(/^\*\*(\w+)/gm)].map(([, word]) => word)).toEqual(['Question', 'Answer', 'Why', 'Cost'])
  })
})

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it, vi } from 'vitest'
import { anchorsOf, links, pages, root, samples } from './markdown.ts'

vi.setConfig({ testTimeout: 60_000 })

/** Each block of TypeScript as a file of its own, named after its page and its place there. */
const sources = new Map(
  samples
    .filter(({ language }) => language !== 'html')
    .map(({ page, language, preamble, code }, at) => [
      join(root, `${page.replaceAll(/[/.]/g, '-')}-${at}.${language}`),
      `export {}\n${preamble}\n${code}`,
    ]),
)

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

/** The public surface of each door as API Extractor reports it, one text for each. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor'

const root = join(import.meta.dirname, '../..')
const cache = join(root, 'node_modules/.cache/isotarget/api')
/** Has nearly all types; what another door has alike is named there alone. */
const FIRST = 'server'

const silent = { default: { logLevel: 'none' as const } }
const compilerOptions = {
  ...{ target: 'es2022', module: 'preserve', moduleResolution: 'bundler', strict: true, skipLibCheck: true, types: [] },
  lib: ['es2022', 'dom', 'dom.iterable', 'esnext.disposable'],
}

const configOf = (door: string): ExtractorConfig =>
  ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      newlineKind: 'lf',
      mainEntryPointFilePath: join(root, `dist/${door}.d.ts`),
      compiler: { overrideTsconfig: { compilerOptions } },
      // Types that are reached but have no name for readers change what they see too.
      apiReport: {
        enabled: true,
        includeForgottenExports: true,
        reportFolder: join(cache, 'report'),
        reportTempFolder: join(cache, 'new'),
        reportFileName: door,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        extractorMessageReporting: silent,
        compilerMessageReporting: silent,
        tsdocMessageReporting: silent,
      },
    },
    configObjectFullPath: join(root, 'package.json'),
    packageJsonFullPath: join(root, 'package.json'),
  } as Parameters<typeof ExtractorConfig.prepare>[0])

/** The declarations of a report by name: `export interface Action {…}` and so on, without remarks on comments. */
const declarationsIn = (report: string): Map<string, string> => {
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(report) ?? []
  const parts = code
    .replaceAll(/^\s*\/\/ \(undocumented\)\n/gm, '')
    .split(/^\/\/ @public.*\n/m)
    .slice(1)
    .map((part) => part.replace(/\n\/\/ \(No @packageDocumentation[\s\S]*$/, '').trim())
  return new Map(
    parts.map((part) => [/(?:class|const|function|interface|type|let|enum) (\w+)/.exec(part)?.[1] ?? part, part]),
  )
}

const isExported = (text: string): boolean => text.startsWith('export ')
const bare = (text = ''): string => text.replace(/^export /, '')

const written = (door: string, own: Map<string, string>, first: Map<string, string>): string => {
  const isKnown = ([name, text]: [string, string]) => door !== FIRST && bare(first.get(name)) === bare(text)
  const [known, news] = [[...own].filter(isKnown), [...own].filter((entry) => !isKnown(entry))]
  const alike = known.filter(([, text]) => isExported(text)).map(([name]) => name)
  const code = (title: string, texts: string[]) =>
    texts.length ? [`## ${title}\n\n\`\`\`ts\n${texts.join('\n\n')}\n\`\`\``] : []
  const texts = news.map(([, text]) => text)
  return [
    `# ${door}`,
    'Written by `npm run api`. A change here is a change for users: see docs/versioning.md.',
    ...code('Exports', texts.filter(isExported)),
    ...(alike.length ? [`## Exports, as in ${FIRST}\n\n${alike.map((name) => `\`${name}\``).join(',\n')}`] : []),
    ...code(
      'Reached by them',
      texts.filter((text) => !isExported(text)),
    ),
  ]
    .join('\n\n')
    .concat('\n')
}

/** Reports on the declarations in dist, by door. */
export const reportApi = (doors: readonly string[]): Map<string, string> => {
  mkdirSync(join(cache, 'report'), { recursive: true })
  const configs = doors.map(configOf)
  const entries = doors.map((door) => join(root, `dist/${door}.d.ts`))
  const compilerState = CompilerState.create(configs[0]!, { additionalEntryPoints: entries })
  const found = doors.map((door, at): [string, Map<string, string>] => {
    const messageCallback = (message: { handled: boolean }) => {
      message.handled = true
    }
    Extractor.invoke(configs[at]!, { localBuild: true, compilerState, messageCallback })
    return [door, declarationsIn(readFileSync(join(cache, `new/${door}.api.md`), 'utf8'))]
  })
  const first = new Map(found).get(FIRST) ?? new Map()
  return new Map(found.map(([door, own]) => [door, written(door, own, first)]))
}

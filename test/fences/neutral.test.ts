import { join } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'

/** What only a page or only Node can do: none of it may be used in a file that runs everywhere. */
const crimes = {
  document: 'document.title',
  window: 'window.name',
  localStorage: "localStorage.getItem('key')",
  'navigator.sendBeacon': "navigator.sendBeacon('/')",
  process: 'process.env',
  Buffer: "Buffer.from('')",
}

const root = join(import.meta.dirname, '../..')
const path = (global: string) => join(root, 'src/client', `x-${global}.ts`)
const planted = new Map(Object.entries(crimes).map(([global, code]) => [path(global), `export const x = ${code}\n`]))

const config = ts.getParsedCommandLineOfConfigFile(
  join(root, 'tsconfig.neutral.json'),
  {},
  {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
      throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'))
    },
  },
)
if (!config) throw new Error('tsconfig.neutral.json is missing')

const host = ts.createCompilerHost(config.options)
const program = ts.createProgram([...config.fileNames, ...planted.keys()], config.options, {
  ...host,
  fileExists: (file) => planted.has(file) || host.fileExists(file),
  readFile: (file) => planted.get(file) ?? host.readFile(file),
  getSourceFile: (file, version) =>
    planted.has(file) ? ts.createSourceFile(file, planted.get(file) ?? '', version) : host.getSourceFile(file, version),
})
const diagnostics = ts.getPreEmitDiagnostics(program)

it.each(Object.keys(crimes))('does not know %s', (global) => {
  const messages = diagnostics
    .filter(({ file }) => file?.fileName === path(global))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
  expect(messages).toEqual([expect.stringContaining(`'${global.split('.').at(-1)}'`)])
})

it('has nothing against the real tree', () => {
  const files = diagnostics.map(({ file }) => file?.fileName)
  expect(files.filter((file) => !file || !planted.has(file))).toEqual([])
})

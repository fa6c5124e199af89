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

const { config } = ts.readConfigFile(join(root, 'tsconfig.neutral.json'), ts.sys.readFile)
const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
const host = ts.createCompilerHost(options)
host.readFile = (file) => planted.get(file) ?? ts.sys.readFile(file)
const program = ts.createProgram([...fileNames, ...planted.keys()], options, host)
const diagnostics = ts.getPreEmitDiagnostics(program)

it.each(Object.keys(crimes))('does not know %s', (global) => {
  const messages = diagnostics
    .filter(({ file }) => file?.fileName === path(global))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
  expect(messages).toEqual([expect.stringContaining(`'${global.split('.').at(-1)}'`)])
})

it('has nothing against the real tree', () => {
  const real = diagnostics.filter(({ file }) => !file || !planted.has(file.fileName))
  expect(ts.formatDiagnostics(real, host)).toBe('')
})

import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'

interface Report {
  diagnostics: { category: string; location: { path: string } }[]
}

const statements = (count: number) => '  globalThis.queueMicrotask(() => undefined)\n'.repeat(count)
const aFunction = (lines: number) => `export const run = (): void => {\n${statements(lines)}}\n`
const aFile = (lines: number) => 'queueMicrotask(() => undefined)\n'.repeat(lines)
const parameters = (names: string[]) =>
  `export const sum = (${names.map((name) => `${name}: number`).join(', ')}): number => ${names.join(' + ')}\n`

/** [what is wrong, the file that does it, what it says, the one rule that must object] */
const crimes: [crime: string, file: string, code: string, rule: string][] = [
  ['a function has 61 lines', 'src/client/x-function.ts', aFunction(61), 'complexity/noExcessiveLinesPerFunction'],
  ['a file has 301 lines', 'src/client/x-file.ts', aFile(301), 'style/noExcessiveLinesPerFile'],
  [
    'a function takes four parameters',
    'src/x-parameters.ts',
    parameters(['a', 'b', 'c', 'd']),
    'complexity/useMaxParams',
  ],
  ['a value is any', 'src/client/x-any.ts', 'export const x: any = 1\n', 'suspicious/noExplicitAny'],
  ['an enum appears', 'src/client/x-enum.ts', 'export enum X {\n  A = 0,\n}\n', 'style/noEnum'],
  ['an export has no name', 'src/client/x-default.ts', 'export default 1\n', 'style/noDefaultExport'],
  ['a file is in camel case', 'src/client/xFile.ts', 'export const x = 1\n', 'style/useFilenamingConvention'],
  ['null is denied', 'src/client/x-bang.ts', 'export const x = globalThis.name!\n', 'style/noNonNullAssertion'],
]

const innocents: [citizen: string, file: string, code: string][] = [
  ['a function of 60 lines', 'src/client/y-function.ts', aFunction(60)],
  ['a file of 300 lines', 'src/client/y-file.ts', aFile(300)],
  ['three parameters', 'src/y-parameters.ts', parameters(['a', 'b', 'c'])],
  ['a long function in a test', 'test/client/y.test.ts', aFunction(90)],
  ['a default export in a config', 'y.config.mjs', 'export default {}\n'],
]

const root = join(import.meta.dirname, '../..')
const copy = mkdtempSync(join(tmpdir(), 'fences-'))
afterAll(() => rmSync(copy, { recursive: true }))

cpSync(join(root, 'biome.json'), join(copy, 'biome.json'))
for (const [, file, code] of [...crimes, ...innocents]) {
  mkdirSync(dirname(join(copy, file)), { recursive: true })
  writeFileSync(join(copy, file), code)
}
const biome = [join(root, 'node_modules/.bin/biome'), 'lint', '--vcs-enabled=false']
const { stdout } = spawnSync(process.execPath, [...biome, '--reporter=json', '--max-diagnostics=none', '.'], {
  cwd: copy,
  encoding: 'utf8',
})
const { diagnostics } = JSON.parse(stdout) as Report
const objections = (path: string) =>
  diagnostics.filter(({ location }) => location.path === path).map(({ category }) => category)

it.each(crimes)('objects when %s', (...[, file, , rule]) => {
  expect(objections(file)).toEqual([`lint/${rule}`])
})

it.each(innocents)('allows %s', (...[, file]) => {
  expect(objections(file)).toEqual([])
})

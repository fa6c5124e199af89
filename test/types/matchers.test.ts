import { join } from 'node:path'
import ts from 'typescript'
import { expect, it, vi } from 'vitest'
import tsconfig from '../../tsconfig.json' with { type: 'json' }

// Each has a program of its own: what vitest is told holds for a whole program.

vi.setConfig({ testTimeout: 120_000 })

const root = join(import.meta.dirname, '../..')

const CLAIMS = `
  declare const edge: Emulator
  expect(edge).toHaveCounted({ impressions: 1, revenue: 19.5 }, { activity: 'Summer hero', experience: 'Sun', qa: true })
  expect(edge).not.toHaveBeenAskedFor({ view: 'home' }, { size: 4 })
  expect(edge).toHaveAcknowledged(['n-1'])
  export const waited: Promise<void> = expect.poll(() => edge).toHaveCounted({ clicks: 0 })
  // @ts-expect-error a misspelt figure
  expect(edge).toHaveCounted({ impresions: 1 })
  // @ts-expect-error figures are numbers
  expect(edge).toHaveCounted({ impressions: '1' })
  // @ts-expect-error a misspelt scope
  expect(edge).toHaveCounted({ impressions: 1 }, { activities: 1 })
  // @ts-expect-error a place is one thing
  expect(edge).toHaveBeenAskedFor({ box: 'home' })
  // @ts-expect-error ids are text
  expect(edge).toHaveAcknowledged([1])`

const VITEST = `
  import { expect } from 'vitest'
  import type { Emulator } from 'isotarget/emulator'
  import { type EdgeMatchers, edgeMatchers } from 'isotarget/testing'
  declare module 'vitest' {
    interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends EdgeMatchers<R> {}
  }
  expect.extend(edgeMatchers)
  ${CLAIMS}`

const PLAYWRIGHT = `
  import { expect as base } from '@playwright/test'
  import type { Emulator } from 'isotarget/emulator'
  import { edgeMatchers } from 'isotarget/testing'
  const expect = base.extend(edgeMatchers)
  ${CLAIMS}`

/** What the compiler says against a module, and the files that it read for it. */
const compile = (code: string) => {
  const { options } = ts.convertCompilerOptionsFromJson(tsconfig.compilerOptions, root)
  const file = join(root, 'claims.ts')
  const compilerOptions = { ...options, paths: { 'isotarget/*': [join(root, 'src/*.ts')] } }
  const host = ts.createCompilerHost(compilerOptions)
  const { fileExists, getSourceFile } = host
  host.fileExists = (name) => name === file || fileExists(name)
  host.getSourceFile = (name, version) =>
    name === file ? ts.createSourceFile(name, code, version) : getSourceFile(name, version)
  const program = ts.createProgram([file], compilerOptions, host)
  return {
    complaints: ts
      .getPreEmitDiagnostics(program)
      .map((one) => `${one.file?.fileName} ${ts.flattenDiagnosticMessageText(one.messageText, ' ')}`),
    files: program.getSourceFiles().map(({ fileName }) => fileName),
  }
}

it.each([
  ['vitest', VITEST],
  ['Playwright', PLAYWRIGHT],
])('%s knows the matchers and what they take', (_, code) => {
  expect(compile(code).complaints).toEqual([])
})

it('the door brings no test runner along', () => {
  const { complaints, files } = compile("export { edgeMatchers } from 'isotarget/testing'")
  expect(complaints).toEqual([])
  expect(files.some((file) => file.endsWith('/src/testing.ts'))).toBe(true)
  expect(
    files.filter((file) => /node_modules\/(vitest|@vitest|@playwright|playwright|@types\/jest)\//.test(file)),
  ).toEqual([])
})

import { join } from 'node:path'
import ts from 'typescript'
import { expect, it, vi } from 'vitest'
import tsconfig from '../../tsconfig.json' with { type: 'json' }
import * as bindings from './bindings.ts'

// A `Register` holds for a whole program: these have programs of their own, in which the doors are found by their names.

vi.setConfig({ testTimeout: 120_000 })

const root = join(import.meta.dirname, '../..')

const names = (door: string) => `
  declare module 'isotarget/${door}' {
    interface Register {
      offers: { hero: string; promo: { title: string } }
      attributes: { flags: { columns: number; size: 'small' | 'large' } }
      views: 'home' | 'cart'
    }
  }`

const REACT = `
  import { createElement } from 'react'
  import { Mbox, useAttribute, useOffer, useView } from 'isotarget/react'
  ${names('react')}
  export const hero: string | undefined = useOffer('hero').content
  export const title: string | undefined = useOffer('promo').content?.title
  export const columns: number = useAttribute('flags', 'columns', 3)
  export const size: 'small' | 'large' = useAttribute('flags', 'size', 'small')
  useView('home')
  createElement(Mbox, { name: 'hero', fallback: 'Welcome', className: 'hero' })
  // @ts-expect-error there is no such mbox
  useOffer('heroo')
  // @ts-expect-error the offer has no such member
  useOffer('promo').content?.text
  // @ts-expect-error there is no such mbox with attributes
  useAttribute('hero', 'columns', 3)
  // @ts-expect-error there is no such key
  useAttribute('flags', 'column', 3)
  // @ts-expect-error the default is of another type
  useAttribute('flags', 'columns', '3')
  // @ts-expect-error the default is none of the values
  useAttribute('flags', 'size', 'medium')
  // @ts-expect-error there is no such view
  useView('checkout')
  // @ts-expect-error there is no such mbox
  createElement(Mbox, { name: 'heroo' })`

const VUE = `
  import { h } from 'vue'
  import { Mbox, useAttribute, useOffer, useView } from 'isotarget/vue'
  ${names('vue')}
  export const hero: string | undefined = useOffer('hero').content.value
  export const title: string | undefined = useOffer(() => 'promo' as const).content.value?.title
  export const columns: number = useAttribute('flags', 'columns', 3).value
  useView(() => 'home' as const)
  h(Mbox, { name: 'hero' })
  // @ts-expect-error there is no such mbox
  useOffer('heroo')
  // @ts-expect-error there is no such key
  useAttribute('flags', 'column', 3)
  // @ts-expect-error the default is of another type
  useAttribute('flags', 'columns', '3')
  // @ts-expect-error there is no such view
  useView('checkout')`

/** What the compiler says against a module, line by line. */
const complaints = (code: string): string[] => {
  const { options } = ts.convertCompilerOptionsFromJson(tsconfig.compilerOptions, root)
  const file = join(root, 'register.ts')
  const compilerOptions = { ...options, paths: { 'isotarget/*': [join(root, 'src/*.ts')] } }
  const host = ts.createCompilerHost(compilerOptions)
  const { fileExists, getSourceFile } = host
  host.fileExists = (name) => name === file || fileExists(name)
  host.getSourceFile = (name, version) =>
    name === file ? ts.createSourceFile(name, code, version) : getSourceFile(name, version)
  const program = ts.createProgram([file], compilerOptions, host)
  return ts
    .getPreEmitDiagnostics(program)
    .map((one) => `${one.file?.fileName} ${ts.flattenDiagnosticMessageText(one.messageText, ' ')}`)
}

it.each([
  ['react', REACT],
  ['vue', VUE],
])('the names that are registered in isotarget/%s are the only ones', (_, code) => {
  expect(complaints(code)).toEqual([])
})

it('the mistakes are mistakes because of what is registered', () => {
  const free = REACT.replace('interface Register', 'interface Registered')
  expect(complaints(free).join('\n')).toContain("Unused '@ts-expect-error' directive")
})

it('the compiler reads the mistakes of those who have registered nothing', () => {
  expect(Object.keys(bindings)).toHaveLength(2)
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

describe('isotarget/dom on a server', () => {
  it('98 is imported without a document, and makes no global', async () => {
    const before = Object.getOwnPropertyNames(globalThis)
    const door = await import('../../src/dom.ts')
    expect(Object.keys(door).sort()).toEqual(['createViews', 'elementsOf', 'prehide', 'prehideSnippet', 'render'])
    expect(Object.getOwnPropertyNames(globalThis)).toEqual(before)
  })

  it('49 makes the snippet for the head, in less than 500 bytes', async () => {
    const { prehideSnippet } = await import('../../src/dom.ts')
    const snippet = prehideSnippet()
    expect(Buffer.byteLength(snippet)).toBeLessThan(500)
    expect(snippet).toMatch(
      /^<style id="isotarget-prehide">@keyframes .*body\{animation:[^{}]*3000ms[^{}]*\}<\/style>$/,
    )
    expect(read('docs/dom.md')).toContain(snippet)
  })

  it('puts selectors, deadline and nonce into the snippet, and nothing of them ends the style', async () => {
    const { prehideSnippet } = await import('../../src/dom.ts')
    const snippet = prehideSnippet({ selectors: ['#a', '</style><script>'], timeout: 900, nonce: 'N"' })
    expect(snippet).toContain('<style id="isotarget-prehide" nonce="N&quot;">')
    expect(snippet).toContain('#a,\\3c /style>\\3c script>{animation:isotarget-prehide 900ms step-end}')
    expect(snippet.match(/<\/style>/g)).toHaveLength(1)
  })
})

describe('dom.md', () => {
  const page = read('docs/dom.md')

  /** Members of an interface, or words of a union, by the text between its name and what ends it. */
  const namesIn = (file: string, name: string): string[] => {
    const [, body = ''] =
      new RegExp(`export (?:interface|type) ${name}\\b([\\s\\S]*?)(?:\\n}|\\n\\n)`).exec(read(file)) ?? []
    return [...body.matchAll(/^ {2}(?:\| '(\w+(?:-\w+)*)'|(\w+)\??:)/gm)].map(
      ([, word, member]) => word ?? member ?? '',
    )
  }

  it.each([
    ['src/dom/outcome.ts', 'Reason', 11],
    ['src/dom/action.ts', 'ElementAction', 16],
    ['src/dom/render.ts', 'RenderOptions', 7],
  ])('names all of %s: %s', (file, name, count) => {
    const names = namesIn(file, name)
    expect(names).toHaveLength(count)
    expect(names.filter((word) => !page.includes(`\`${word}\``))).toEqual([])
  })
})

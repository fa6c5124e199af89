import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXAMPLES } from '../../demo/example.mjs'
import { holds } from './excerpt.ts'
import { excerpts, pages, root } from './markdown.ts'

// Code in the guides is that of the example apps, which browsers test.

const guides = [...pages].filter(([page]) => page.startsWith(join('docs', 'guides')))

describe('the guides', () => {
  it('are one for each example app', () => {
    const names = guides.map(([page]) => page.replace(/^.*[\\/]|\.md$/g, ''))
    expect(names.map((name) => (name === 'nextjs' ? 'next' : name)).sort()).toEqual([...EXAMPLES].sort())
    expect(EXAMPLES.filter((name) => !existsSync(join(root, 'demo', name, 'package.json')))).toEqual([])
  })

  it.each(guides)('%s shows code of its example alone, as it is there', (page, text) => {
    const here = excerpts.filter((excerpt) => excerpt.page === page)
    const blocks = text.match(/^```(js|ts|tsx|vue|svelte|html)$/gm) ?? []
    expect(here.length).toBeGreaterThan(2)
    expect(here.length).toBe(blocks.length)
    for (const { file, code } of here) {
      expect(holds(readFileSync(join(root, file), 'utf8'), code), `${file} has:\n${code}`).toBe(true)
    }
  })

  it.each(guides)('%s says how to run its example', (page, text) => {
    const name = readdirSync(join(root, 'demo')).find((folder) => text.includes(`](../../demo/${folder})`))
    expect(name, page).toBeDefined()
    expect(text).toContain(`npm run demo -- ${name}`)
  })
})

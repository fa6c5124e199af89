import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { createShell, withCdn } from '../cli/shell.ts'
import { pages } from './markdown.ts'

// Lines that the pages for people tell to type; Target's CDN is a local edge. Those of docs/start are typed in starts.test.ts.

const shell = createShell()

const lines = [...pages]
  .filter(([page]) => page === join('docs', 'troubleshooting.md') || page.startsWith(join('docs', 'recipes')))
  .flatMap(([, text]) => [...text.matchAll(/^```sh\n([\s\S]*?)```/gm)])
  .flatMap(([, code = '']) => code.trim().split('\n'))
  // An edge runs on until it is ended: starts.test.ts does both.
  .filter((line) => line !== 'npx isotarget edge activities.json')

/** What a line says, by its beginning. */
const said: [start: string, out: RegExp][] = [
  ['npx isotarget curl', /^curl 'https:\/\/acme\.tt\.omtrdc\.net\/rest\/v1\/delivery\?client=acme&sessionId=/],
  ['npx isotarget artifact check', /hero.*device/],
  ['npx isotarget decide', /mbox flags execute\n {2}✓ json \{"newCheckout":true\}/],
]

it.each(lines)('%s', async (line) => {
  const edge = createEmulator({ client: 'acme', offers: { hero: '<b>Sun</b>', flags: { newCheckout: true } } })
  const { url, close } = await edge.listen(0)
  onTestFinished(close)
  const [, expected] = said.find(([start]) => line.startsWith(start)) ?? []
  expect(expected, line).toBeDefined()
  const typed = line.replace(/^npx /, '')
  const { code, out, err } = await shell.type(typed, { env: withCdn(url) })
  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(expected as RegExp)
})

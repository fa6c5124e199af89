import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import pkg from '../../package.json' with { type: 'json' }
import { commands } from '../../src/cli/commands.ts'
import { type RulesServer, send, startRulesServer } from '../decisioning-source/rules-server.ts'
import { blocksIn } from '../docs/markdown.ts'
import { startShop } from './doctor-world.ts'
import { createShell, withCdn } from './shell.ts'
import { shopRules } from './shop-rules.ts'

const shell = createShell()
const page = readFileSync(join(import.meta.dirname, '../../docs/cli.md'), 'utf8')
const names = commands.map(({ name }) => name)
const examples = commands.flatMap(({ examples }) => examples)
/** Pages whose lines tests of their own type, in `test/docs/`, since they say what must come. */
const ELSEWHERE = /^docs.(start|recipes|troubleshooting)\b/
/** What the pages show to be typed, line by line. `npx` finds the command that is installed, which is on the path here. */
const typed = blocksIn('sh', 'bash')
  .flatMap(({ page, code }) =>
    code
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .map((line) => [page, line] as const),
  )
  .filter(([page, line]) => !ELSEWHERE.test(page) && /(?:^|\| |npx )isotarget /.test(line))

let server: RulesServer
let shop: Awaited<ReturnType<typeof startShop>>
/** The hosts that a line names are servers of ours. */
const envOf = (line: string) => (line.startsWith('isotarget doctor ') ? shop.env : withCdn(server.url))
beforeAll(async () => {
  server = await startRulesServer()
  shop = await startShop()
  server.act(send(JSON.stringify(shopRules)))
})
afterAll(async () => {
  await server.stop()
  await shop.close()
})

describe('help', () => {
  it('of the whole lists all commands, each with an example', async () => {
    const { code, out, err } = await shell.isotarget(['--help'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    for (const name of names) {
      expect(out).toMatch(new RegExp(`^ {2}${name} {2,}\\w`, 'm'))
      expect(out).toMatch(new RegExp(`^ {2}isotarget ${name} `, 'm'))
    }
    expect(await shell.isotarget(['-h'])).toMatchObject({ out })
    expect(await shell.isotarget(['help'])).toMatchObject({ out })
  })

  it('of a group lists its commands', async () => {
    const { code, out } = await shell.isotarget(['artifact', '--help'])
    expect(code).toBe(0)
    expect(out).toContain('isotarget artifact <command> [flags]')
    expect(out).toContain('artifact check')
    expect(out).not.toContain('isotarget decide')
  })

  it.each(names)('of %s explains each flag, and has examples', async (name) => {
    const words = name.split(' ')
    const { code, out } = await shell.isotarget([...words, '--help'])
    const { flags, examples } = commands.find((command) => command.name === name)!
    expect(code).toBe(0)
    for (const flag of [...Object.keys(flags), 'json', 'help'])
      expect(out).toMatch(new RegExp(`^ {2}.*--${flag}\\b.* {2}\\w`, 'm'))
    for (const [purpose, line] of examples) expect(out).toContain(`  # ${purpose}\n  ${line}\n`)
    expect(examples.length).toBeGreaterThan(2)
    expect(await shell.isotarget([...words, '-h'])).toMatchObject({ out })
    expect(await shell.isotarget(['help', ...words])).toMatchObject({ out })
  })

  it('says what the exit codes mean', async () => {
    for (const words of [[], ['artifact'], ['decide']]) {
      const { out } = await shell.isotarget([...words, '--help'])
      expect(out).toMatch(/^Exit codes\n {2}0 {2}done.*\n {2}1 {2}not done.*\n {2}2 {2}wrong usage/m)
    }
  })

  it('is JSON for machines', async () => {
    const { out } = await shell.isotarget(['--help', '--json'])
    const { version, commands: told, exitCodes } = JSON.parse(out)
    expect(version).toBe(pkg.version)
    expect(told.map(({ name }: { name: string }) => name)).toEqual(names)
    const decide = told.find(({ name }: { name: string }) => name === 'decide')
    expect(decide.flags).toContainEqual({
      name: 'mbox',
      value: 'name',
      isMany: true,
      text: 'An mbox',
      title: expect.any(String),
    })
    expect(Object.keys(exitCodes)).toEqual(['0', '1', '2'])
    const { out: one } = await shell.isotarget(['decide', '--json', '--help'])
    expect(JSON.parse(one).commands).toEqual([decide])
  })
})

it.each(['--version', '-v'])('%s shows the version', async (flag) => {
  expect(await shell.isotarget([flag])).toEqual({ code: 0, out: `${pkg.version}\n`, err: '' })
  const { out } = await shell.isotarget([flag, '--json'])
  expect(JSON.parse(out)).toEqual({ version: pkg.version })
})

/** What listens runs until it is told to end, on a port that nobody else has. */
const isEdge = (line: string) => /^isotarget (edge|record|replay) /.test(line)
const ending = (line: string) => {
  const moved = line.replace(/^(isotarget \w+ \S+)(?!.*--port)/, '$1 --port 0')
  return `said=$(mktemp); ${moved} > $said & listening=$!
    until grep -q http:// $said || ! kill -0 $listening 2> /dev/null; do sleep 0.1; done
    kill -TERM $listening; wait $listening; code=$?; cat $said; rm $said; exit $code`
}

it.each(examples.filter(([, line]) => isEdge(line)))('an edge opens and ends: %s: %s', async (_, line) => {
  const { code, out, err } = await shell.type(ending(line))
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/http:\/\/(127\.0\.0\.1|0\.0\.0\.0):\d+/)
})

it.each(examples.filter(([, line]) => !isEdge(line)))('an example runs: %s: %s', async (_, line) => {
  const { code, out, err } = await shell.type(line, { env: envOf(line) })
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).not.toBe('')
  if (line.includes('--json')) JSON.parse(out)
})

describe('docs/cli.md', () => {
  it.each(commands.map((command) => [command.name, command] as const))('names each flag of %s', (_, { flags }) => {
    const missing = [...Object.keys(flags), 'json', 'help', 'version'].filter((flag) => !page.includes(`\`--${flag}`))
    expect(missing).toEqual([])
  })

  it('names no flag that does not exist', () => {
    const known = new Set([...commands.flatMap(({ flags }) => Object.keys(flags)), 'json', 'help', 'version'])
    const named = [...page.matchAll(/(?<![\w-])--([a-z][a-z-]+)/g)].map(([, flag = '']) => flag)
    expect(named.filter((flag) => !known.has(flag))).toEqual([])
  })

  it('has a heading for each command', () => {
    for (const name of names) expect(page).toContain(`\n## ${name}\n`)
  })
})

it.each(typed)('a line of %s runs: %s', async (_, shown) => {
  const line = shown.replace(/^npx /, '')
  const { code, err } = await shell.type(isEdge(line) ? ending(line) : line, { env: envOf(line) })
  expect({ code, err }).toEqual({ code: 0, err: '' })
})

import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RulesServer, startRulesServer } from '../decisioning-source/rules-server.ts'
import { createShell, ended, onTerminal, program, start } from './shell.ts'
import { shopRules } from './shop-rules.ts'

const shell = createShell()
const COLOUR = '\u001b['
const DECIDE = ['decide', '--artifact', 'rules.json', '--mbox', 'hero', '--mbox', 'cart']
const command = (args: readonly string[]) => [process.execPath, program, ...args].map((part) => `'${part}'`).join(' ')

describe('without a terminal', () => {
  it('there is no colour', async () => {
    for (const args of [DECIDE, ['--help'], ['decide']]) {
      const { out, err } = await shell.isotarget(args)
      expect(out + err).not.toContain(COLOUR)
    }
  })
})

/** `script` of util-linux lends a terminal; where there is none, there is none to test with. */
const hasScript = spawnSync(...onTerminal('true')).status === 0

const reason = hasScript ? '' : ' (skipped: there is no program called script, of util-linux)'

describe.skipIf(!hasScript)(`on a terminal${reason}`, () => {
  /** What a terminal of so many columns shows. A machine that says it is CI gets no colour from Node.js. */
  const seen = async (args: readonly string[], env: NodeJS.ProcessEnv = {}, columns = 100) => {
    const line = `stty cols ${columns}; ${command(args)}`
    const child = start(...onTerminal(line), {
      cwd: shell.folder,
      env: { TERM: 'xterm-256color', CI: undefined, ...env },
    })
    child.stdin.end()
    const { code, out } = await ended(child)
    return { code, out: out.replaceAll('\r\n', '\n') }
  }

  it('there is colour', async () => {
    for (const args of [DECIDE, ['--help'], ['decide']]) expect((await seen(args)).out).toContain(COLOUR)
  })

  it.each([{ NO_COLOR: '1' }, { NO_COLOR: '1', FORCE_COLOR: '3' }, { TERM: 'dumb' }])(
    'but not with %j',
    async (env) => {
      for (const args of [DECIDE, ['--help'], ['decide']]) expect((await seen(args, env)).out).not.toContain(COLOUR)
    },
  )

  it('JSON has none', async () => {
    const { out } = await seen([...DECIDE, '--json'])
    expect(JSON.parse(out)).toMatchObject({ remoteMboxes: ['hero'] })
  })

  it.each([60, 80, 200])('of %i columns no line is longer', async (columns) => {
    const lines: string[] = []
    const explain = ['artifact', 'explain', 'rules.json', '--mbox', 'hero', '--page-load']
    for (const args of [[...DECIDE, '--trace'], ['decide', '--help'], explain, ['artifact', 'check', 'rules.json']]) {
      const { out } = await seen(args, { NO_COLOR: '1' }, columns)
      lines.push(...out.split('\n'))
    }
    // Command lines are copied, so they are not broken.
    const long = lines.filter((line) => line.length > Math.min(columns, 120) && !line.startsWith('  isotarget'))
    expect(long).toEqual([])
  })

  it('says that it reads what is typed', async () => {
    const child = start(...onTerminal(command(['artifact', 'check', '-'])), { cwd: shell.folder })
    child.stdin.write(`${JSON.stringify({ version: '1.0.0', rules: {} })}\n\u0004`)
    const { code, out } = await ended(child)
    expect(code).toBe(0)
    expect(out).toContain('Reading the artifact from the keyboard: end it with Ctrl-D.')
    expect(out).toContain('No problems')
  })

  describe('a long download', () => {
    let server: RulesServer
    beforeEach(async () => {
      server = await startRulesServer()
    })
    afterEach(() => server.stop())

    it('shows how far it is, and leaves nothing behind', async () => {
      const rules = JSON.stringify({ ...shopRules, padding: 'x'.repeat(2_000_000) })
      let finish = () => {}
      server.act((_, response) => {
        response.writeHead(200, { 'content-length': rules.length })
        response.write(rules.slice(0, 1_000_000))
        finish = () => response.end(rules.slice(1_000_000))
      })
      const child = start(...onTerminal(command(['artifact', 'check', `${server.url}/rules.json`])))
      // The rest comes when the line is seen.
      child.stdout.on('data', (text: string) => {
        if (/of 2 MB/.test(text)) finish()
      })
      const { code, out } = await ended(child)
      expect(code).toBe(0)
      expect(out).toContain(`\r\u001b[KDownloading ${server.url}/rules.json: 1 MB of 2 MB`)
      const [last = ''] = out.split('\r\u001b[K').slice(-1)
      expect(last).not.toContain('Downloading')
      expect(last).toContain('No problems')
    })
  })
})

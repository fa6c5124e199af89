import { describe, expect, it } from 'vitest'
import { createShell } from './shell.ts'

const shell = createShell()

it.each([
  ['decide --mbox', '--mbox needs a value: --mbox <name>'],
  ['decide --mbox=', '--mbox needs a value: --mbox <name>'],
  ['decide --mbox --json=1', '--mbox needs a value: write --mbox=--json=1 if --json=1 is meant'],
  ['decide --mbx home', 'There is no flag --mbx: did you mean --mbox?'],
  ['decide --artefact rules.json', 'There is no flag --artefact: did you mean --artifact?'],
  ['decide --tntid a', 'There is no flag --tntid: did you mean --tnt-id?'],
  ['decide --zebra', 'There is no flag --zebra: see isotarget decide --help'],
  ['decide -x', 'There is no flag -x: see isotarget decide --help'],
  ['decide --trace=yes', '--trace takes no value: leave out "yes"'],
  ['decide --url a --url b', '--url is given twice: it has one value'],
  ['decide --mbox home', 'There is no artifact: give a file, an address or - with --artifact, or the account'],
  [
    'decide rules.json --client acme',
    'isotarget decide does not take rules.json: write --artifact rules.json if it is',
  ],
  [
    'artifact check a.json b.json',
    'isotarget artifact check does not take b.json: see isotarget artifact check --help',
  ],
  ['artifact check a.json --artifact b.json', 'Two artifacts are given, a.json and --artifact b.json: leave one out'],
  ['artifact check rules.json --mbox home', 'There is no flag --mbox: see isotarget artifact check --help'],
  ['decide --artifact rules.json', 'Nothing is asked for: name a place with --mbox, --view or --page-load'],
  [
    'decide --artifact rules.json --mbox a-clicked',
    'The request is not one that Target takes: execute.mboxes.0.name: must',
  ],
  ['decide --artifact rules.json --mbox a --param plan', '--param takes name=value, not plan'],
  ['decide --artifact rules.json --mbox a --param =gold', '--param takes name=value, not =gold'],
  ['decide --artifact rules.json --mbox a --param profile.a=1', 'The request is not one that Target takes: '],
  ['decide --artifact rules.json --mbox a --geo town=Bergen', '--geo has no field town: it has country, region, state'],
  ['decide --artifact rules.json --mbox a --geo contry=NO', '--geo has no field contry: did you mean country?'],
  ['decide --artifact rules.json --mbox a --geo latitude=north', '--geo latitude is a number, not north'],
  [
    'decide --artifact rules.json --mbox a --geo country=Norway',
    'The request is not one that Target takes: context.geo',
  ],
  ['decide --artifact rules.json --mbox a --at tomorrow', '--at is a time such as 2026-11-27T09:00:00Z, not tomorrow'],
  [
    'decide --artifact rules.json --mbox a --at 2026-13-01',
    '--at is a time such as 2026-11-27T09:00:00Z, not 2026-13-01',
  ],
  ['decide --artifact rules.json --mbox a --as phone', '--as is server or browser, not phone'],
  [
    'decide --artifact rules.json --mbox a --environment staging',
    '--environment chooses what is downloaded for --client',
  ],
  [
    'decide --artifact rules.json --mbox a --artifact-format bin',
    '--artifact-format chooses what is downloaded for --cl',
  ],
  ['decide --client acme --mbox a --artifact-format xml', '--artifact-format is json or bin, not xml'],
  ['decide --artifact rules.json --mbox a --timeout soon', '--timeout is a number of seconds, not soon'],
  [
    'decide --artifact - --request -',
    'The standard input cannot be both artifact and request: put one of them into a file',
  ],
  ['dcide --mbox a', 'There is no command dcide: did you mean isotarget decide?'],
  ['artefact check', 'There is no command artefact: did you mean isotarget artifact?'],
  ['artifact chekc', 'There is no command artifact chekc: did you mean isotarget artifact check?'],
  ['artifact publish', 'There is no command artifact publish: see isotarget artifact --help'],
  ['publish', 'There is no command publish: see isotarget --help'],
  ['--mbox home', 'There is no flag --mbox: see isotarget --help'],
  ['--json decide', 'The command comes first: isotarget decide …'],
])('isotarget %s: %s', async (line, message) => {
  const { code, out, err } = await shell.isotarget(line.split(' '))
  expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/^isotarget: [^\n]+\n$/) })
  expect(err).toContain(`isotarget: ${message}`)
  if (!line.includes('--json')) expect(out).toBe('')
})

describe('a request of a file', () => {
  it.each([
    ['no JSON', '{', 'The request of given.json is no JSON: '],
    ['a list', '[]', 'The request is no JSON object: write the body of a Delivery API call'],
    ['without places', '{"context":{}}', 'Nothing is asked for: '],
    [
      'with a place of the wrong shape',
      '{"execute":{"mboxes":5}}',
      'The request is not one that Target takes: execute.mb',
    ],
    [
      'with a name that is none',
      '{"execute":{"mboxes":[{"name":" "}]}}',
      'not one that Target takes: execute.mboxes.0.name',
    ],
  ])('that is %s is wrong usage', async (_, content, message) => {
    shell.write('given.json', content)
    const { code, out, err } = await shell.isotarget(['decide', '--artifact', 'rules.json', '--request', 'given.json'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(message)
  })

  it('that is not there fails', async () => {
    const { code, err } = await shell.isotarget(['decide', '--artifact', 'rules.json', '--request', 'nofile.json'])
    expect(code).toBe(1)
    expect(err).toBe('isotarget: The request nofile.json cannot be read: there is no such file: look at the path\n')
  })
})

it.each([
  ['decide --mbox home --json', 2],
  ['artifact check nofile.json --json', 1],
])('with --json errors are JSON too: %s', async (line, exitCode) => {
  const { code, out, err } = await shell.isotarget(line.split(' '))
  expect(code).toBe(exitCode)
  const { error } = JSON.parse(out)
  expect(error).toEqual({ message: expect.stringMatching(/\w/), exitCode })
  expect(err).toBe(`isotarget: ${error.message}\n`)
})

it('shows help and fails when no command is named', async () => {
  for (const [line, command] of [
    ['isotarget', 'isotarget decide'],
    ['isotarget artifact', 'isotarget artifact check'],
  ] as const) {
    const { code, out, err } = await shell.type(line)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^Commands\n/m)
    expect(err).toMatch(new RegExp(`\nisotarget: There is no command: name one, such as ${command}\n$`))
  }
})

it('ends quietly when nobody reads on', async () => {
  expect(await shell.type('isotarget artifact check rules.json --json | head -n 1')).toEqual({
    code: 0,
    out: '{\n',
    err: '',
  })
})

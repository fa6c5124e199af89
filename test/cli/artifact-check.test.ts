import { expect, it } from 'vitest'
import { rule } from '../decisioning/rules.ts'
import { createShell } from './shell.ts'
import { shopRules } from './shop-rules.ts'

const shell = createShell()

/** Checks an artifact. */
const check = (artifact: unknown, ...args: string[]) => {
  shell.write('given.json', artifact)
  return shell.isotarget(['artifact', 'check', 'given.json', ...args])
}
const checked = async (artifact: unknown) => {
  const { code, out, err } = await check(artifact, '--json')
  expect(err).toBe('')
  return { code, ...JSON.parse(out) }
}

it('says what an artifact holds', async () => {
  expect(await shell.isotarget(['artifact', 'check', 'rules.json'])).toEqual({
    code: 0,
    err: '',
    out: `artifact         rules.json, 4.4 kB
version          1.0.0
generated        2026-11-02T08:00:00.000Z
account          acme, production
rules            8 of 4 activities
place            looked up by the visitor's address
properties       app-token
response tokens  activity.id, experience.name, geo.city

Mboxes (6)
  cart                2 rules  device decides
  hero                1 rule   edge decides: rules are missing
  home                3 rules  device decides
  target-global-mbox  1 rule   device decides
  empty               0 rules  device decides
  recommendations     0 rules  edge decides

Views (1)
  checkout  1 rule  device decides

Activities (4)
  125883  Store app       landing  1 experience   1 rule   mbox home
  125880  Summer sale     ab       2 experiences  3 rules  mbox home, view che…
  125881  Gold customers  landing  2 experiences  3 rules  mbox cart, mbox hero
  125882  Rainy cities    landing  1 experience   1 rule   mbox target-global-…

✓ No problems
`,
  })
})

it('says it as JSON', async () => {
  const { code, artifact, problems, notes } = await checked(shopRules)
  expect({ code, problems, notes }).toEqual({ code: 0, problems: [], notes: [] })
  expect(artifact).toMatchObject({
    from: 'given.json',
    bytes: JSON.stringify(shopRules).length,
    version: '1.0.0',
    client: 'acme',
    environment: 'production',
    generatedAt: '2026-11-02T08:00:00.000Z',
    globalMbox: 'target-global-mbox',
    geoTargetingEnabled: true,
    rules: 8,
    mboxes: [
      { name: 'cart', rules: 2, decidedBy: 'device' },
      { name: 'empty', rules: 0, decidedBy: 'device' },
      { name: 'hero', rules: 1, decidedBy: 'both' },
      { name: 'home', rules: 3, decidedBy: 'device' },
      { name: 'recommendations', rules: 0, decidedBy: 'edge' },
      { name: 'target-global-mbox', rules: 1, decidedBy: 'device' },
    ],
    views: [{ name: 'checkout', rules: 1, decidedBy: 'device' }],
    propertyTokens: ['app-token'],
    responseTokens: ['activity.id', 'experience.name', 'geo.city'],
  })
  expect(artifact.activities[1]).toEqual({
    id: 125880,
    name: 'Summer sale',
    type: 'ab',
    rules: 3,
    experiences: 2,
    places: ['mbox home', 'view checkout'],
  })
})

it('lists every rule that can never match, and fails', async () => {
  const home = [rule({}), rule({ condition: { regex: ['a', 'b'] } }), null, { ...rule({}), meta: undefined }]
  const broken = { ...shopRules, rules: { mboxes: { ...shopRules.rules.mboxes, home, cart: 'none' }, views: {} } }
  const { code, out } = await check(broken)
  expect(code).toBe(1)
  expect(out.slice(out.indexOf('4 problems'))).toBe(`4 problems
✗ rules.mboxes.home.1.condition: operator regex is not one of JsonLogic: publish the activity anew
✗ rules.mboxes.home.2: rule must be object, not null: publish the activities and download the rules
  anew
✗ rules.mboxes.home.3: meta must be object, not undefined: publish the activities and download the
  rules anew
✗ rules.mboxes.cart: must be a list of rules: publish the activities anew
`)
  const { problems, artifact } = await checked(broken)
  expect(problems.map(({ path }: { path: string }) => path)).toEqual([
    'rules.mboxes.home.1.condition',
    'rules.mboxes.home.2',
    'rules.mboxes.home.3',
    'rules.mboxes.cart',
  ])
  expect(artifact).toMatchObject({ rules: 6 })
})

it.each([
  ['another version', { ...shopRules, version: '2.0.0' }, 'artifact.version', 'must be 1.x: publish'],
  ['no rules', { version: '1.0.0' }, 'artifact.rules', 'must be object, not undefined: publish'],
  ['a list', [], 'artifact', 'must be object, not array: publish'],
  ['text', '"rules"', 'artifact', 'must be object, not string: publish'],
])('refuses an artifact that is %s as a whole', async (...[, artifact, path, message]) => {
  const { code, artifact: summary, problems } = await checked(artifact)
  expect(code).toBe(1)
  expect(problems).toEqual([{ path, message: expect.stringContaining(message) }])
  expect(summary).toEqual({ from: 'given.json', bytes: expect.any(Number) })
  const { out } = await check(artifact)
  expect(out).toContain(`1 problem\n✗ ${path}: ${message}`)
})

it('refuses what clients refuse for its size', async () => {
  const { code, problems } = await checked({ ...shopRules, padding: 'x'.repeat(33_600_000) })
  expect(code).toBe(1)
  expect(problems).toMatchObject([
    { path: 'artifact', message: expect.stringMatching(/^must be at most 33,554,432 bytes, not 33,604,/) },
  ])
})

it('notes what is most likely not meant', async () => {
  const { meta: _, ...rest } = shopRules
  const odd = { ...rest, localMboxes: ['home'], localViews: [] }
  const { code, notes } = await checked(odd)
  expect(code).toBe(0)
  expect(notes.map(({ path }: { path: string }) => path)).toEqual([
    'meta.clientCode',
    'rules.mboxes.cart',
    'rules.mboxes.target-global-mbox',
    'rules.views.checkout',
  ])
  const { out } = await check(odd)
  expect(out).toContain('! rules.views.checkout: is not named in localViews, so clients ask the edge: publish the')
  expect(out).toMatch(/✓ No problems\n$/)
})

it('shows of a large account what can be taken in, and all as JSON', async () => {
  const names = Array.from({ length: 300 }, (_, at) => `mbox-${at}`)
  const mboxes = Object.fromEntries(names.map((name, at) => [name, [rule({ name, activity: at })]]))
  const large = { ...shopRules, localMboxes: names, remoteMboxes: [], rules: { mboxes } }
  const { out } = await check(large)
  expect(out.split('\n').length).toBeLessThan(65)
  expect(out.match(/and 280 more: --json has them all/g)).toHaveLength(2)
  const { artifact } = await checked(large)
  expect([artifact.mboxes.length, artifact.activities.length]).toEqual([300, 300])
})

import { expect, it } from 'vitest'
import { createShell } from './shell.ts'
import { shopRules } from './shop-rules.ts'

const shell = createShell()

type Rules = typeof shopRules
const diff = async (change: (rules: Rules) => unknown, ...flags: string[]) => {
  const rules = structuredClone(shopRules)
  shell.write('after.json', change(rules) ?? rules)
  return shell.isotarget(['artifact', 'diff', 'rules.json', 'after.json', ...flags])
}
const differences = async (change: (rules: Rules) => unknown) =>
  JSON.parse((await diff(change, '--json')).out).differences

it('says that there are none, also between the two forms, and after another publication', async () => {
  const args = ['artifact', 'diff', 'rules.json', 'rules.bin', '--organization-id', 'ABC@AdobeOrg']
  expect(await shell.isotarget(args)).toEqual({ code: 0, out: '✓ No differences\n', err: '' })
  const republished = await diff((rules) => {
    rules.meta.generatedAt = '2027-01-01T00:00:00.000Z'
    return JSON.parse(JSON.stringify(rules).replaceAll(/"eventToken":"/g, '"eventToken":"new'))
  })
  expect(republished).toEqual({ code: 0, out: '✓ No differences\n', err: '' })
})

it('says who gets something else, what is shown, and which activity comes first', async () => {
  const { code, out } = await diff((rules) => {
    const [store, warm, ...rest] = rules.rules.mboxes.home
    Object.assign(warm as object, { condition: true })
    Object.assign(rules.rules.mboxes.cart[0]?.consequence.options?.[0] as object, { content: { shipping: 5 } })
    rules.rules.mboxes.home = [warm, ...rest, store] as typeof rules.rules.mboxes.home
  })
  expect(code).toBe(1)
  expect(out).toBe(`~ activity 125880 Summer sale
    mbox home, experience Warm: who gets it
~ activity 125881 Gold customers
    mbox cart, experience Free shipping: what is shown
~ mbox home
    order of activities: 125880, 125883, was 125883, 125880

3 differences
`)
})

it('says what was added and removed, and who decides now', async () => {
  const found = await differences((rules) => {
    rules.rules.mboxes['target-global-mbox'] = []
    const rule = structuredClone(rules.rules.mboxes.cart[0]) as { meta: Record<string, unknown> }
    Object.assign(rule.meta, { 'activity.id': 7, 'activity.name': 'Winter' })
    rules.rules.mboxes.cart.push(rule as never)
    rules.localMboxes.push('recommendations')
    rules.remoteMboxes = ['hero']
    rules.responseTokens = []
    rules.meta.environment = 'staging'
  })
  expect(found).toEqual([
    { change: 'changed', what: 'responseTokens', how: ['["activity.id","experience.name","geo.city"] → []'] },
    { change: 'changed', what: 'meta.environment', how: ['"production" → "staging"'] },
    { change: 'removed', what: 'activity 125882', name: 'Rainy cities' },
    { change: 'added', what: 'activity 7', name: 'Winter' },
    {
      change: 'changed',
      what: 'mbox recommendations',
      how: ['now decided on the device', 'no longer asked from the edge'],
    },
  ])
})

it.each<[what: string, args: string[], code: number, message: RegExp]>([
  ['one artifact', ['rules.json'], 2, /compares two artifacts/],
  ['three', ['rules.json', 'rules.json', 'rules.json'], 2, /does not take rules\.json/],
  ['a file that is none', ['rules.json', 'request.json'], 1, /One of them is no artifact that can be used/],
  ['two standard inputs', ['-', '-'], 2, /Only one artifact can come from the standard input/],
])('%s is refused', async (...[, args, code, message]) => {
  const ended = await shell.isotarget(['artifact', 'diff', ...args])
  expect(ended.code).toBe(code)
  expect(ended.err).toMatch(message)
})

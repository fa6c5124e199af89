import { expect, it } from 'vitest'
import { createShell } from './shell.ts'
import { VISITOR } from './shop-rules.ts'

const shell = createShell()
const explain = (...args: string[]) => shell.isotarget(['artifact', 'explain', 'rules.json', ...args])
const AT = ['--at', '2026-12-10', '--tnt-id', VISITOR]

it('says rule by rule what was compared, and what failed', async () => {
  const places = ['--mbox', 'home', '--mbox', 'cart', '--page-load', '--prefetch']
  expect(await explain(...places, ...AT, '--url', 'https://shop.example/')).toEqual({
    code: 0,
    err: '',
    out: `artifact  rules.json, 8 rules, client acme
visitor   tntId ${VISITOR}
page      https://shop.example/
time      2026-12-10T00:00:00.000Z

mbox home prefetch
  rules.mboxes.home.2: Summer sale, Control
  – skipped Store app (125883), App (0)  rules.mboxes.home.0
    it takes part in the properties app-token, and the request names none
  ✗ fails   Summer sale (125880), Warm (0)  rules.mboxes.home.1
    ✓ allocation must be at least 0, and is 52.84
    ✗ allocation must be at most 50, but is 52.84
    ✓ page.domain_lc must be one of ["shop.example","shop.com"], and is "shop.example"
  ✓ matches Summer sale (125880), Control (1)  rules.mboxes.home.2
    ✓ allocation must be more than 50, and is 52.84
    ✓ allocation must be at most 100, and is 52.84
    ✓ page.domain_lc must be one of ["shop.example","shop.com"], and is "shop.example"

mbox cart prefetch
  rules.mboxes.cart.1: Gold customers, Until Christmas
  ✗ fails   Gold customers (125881), Free shipping (0)  rules.mboxes.cart.0
    ✗ mbox.plan_lc must be "gold", but is not known
  ✓ matches Gold customers (125881), Until Christmas (1)  rules.mboxes.cart.1
    ✓ current_timestamp must be more than 2026-12-01T00:00:00.000Z and less than
      2026-12-24T00:00:00.000Z, and is 2026-12-10T00:00:00.000Z

page load prefetch
  no rule matches
  ✗ fails   Rainy cities (125882), Umbrellas (0)  rules.mboxes.target-global-mbox.0
    ✗ geo.city must be one of ["SAN FRANCISCO","BERGEN"], but is not known
`,
  })
})

it('says it as JSON', async () => {
  const { code, out } = await explain('--mbox', 'cart', '--view', 'checkout', ...AT, '--param', 'plan=gold', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toEqual({
    id: { tntId: VISITOR },
    places: [
      {
        mode: 'execute',
        place: 'mbox cart',
        outcome: 'rules.mboxes.cart.0: Gold customers, Free shipping',
        isRemote: false,
        rules: [
          {
            path: 'rules.mboxes.cart.0',
            activity: { id: 125881, name: 'Gold customers' },
            experience: { id: 0, name: 'Free shipping' },
            outcome: 'matches',
            reason: 'all that it asks for holds',
            comparisons: [{ text: 'mbox.plan_lc must be "gold", and is "gold"', holds: true }],
          },
          expect.objectContaining({ outcome: 'skipped', reason: 'a rule before it matches', comparisons: [] }),
        ],
      },
      expect.objectContaining({ mode: 'prefetch', place: 'view checkout', isRemote: false }),
    ],
  })
})

it('says what only the edge can explain, and fails', async () => {
  const { code, out } = await explain('--mbox', 'recommendations', '--mbox', 'hero', '--mbox', 'empty')
  expect(code).toBe(1)
  expect(out).toContain('mbox recommendations execute\n  there are no rules: only the edge can decide\n')
  expect(out).toMatch(/mbox hero execute\n.*\n {2}→ The edge decides: it has activities here/)
  expect(out).toContain('mbox empty execute\n  there are no rules\n')
})

it('goes on beside a rule that is broken', async () => {
  shell.write('broken.json', {
    version: '1.0.0',
    meta: { clientCode: 'acme' },
    localMboxes: ['home'],
    rules: { mboxes: { home: [null, { condition: true, meta: {}, consequence: { name: 'home', options: [] } }] } },
  })
  const { code, out } = await shell.isotarget(['artifact', 'explain', 'broken.json', '--mbox', 'home'])
  expect(code).toBe(0)
  expect(out).toContain(
    '  ! invalid activity without a name, experience without a name  rules.mboxes.home.0\n    rule must be object',
  )
  expect(out).toContain(
    '✓ matches activity without a name, experience without a name  rules.mboxes.home.1\n    it asks for nothing',
  )
})

it('refuses what is no artifact', async () => {
  shell.write('old.json', { version: '0.9', rules: {} })
  expect(await shell.isotarget(['artifact', 'explain', 'old.json', '--mbox', 'home'])).toEqual({
    code: 1,
    out: '',
    err: expect.stringMatching(/^isotarget: old.json is no artifact that can be used: artifact.version must be 1.x/),
  })
})

import { expect, it } from 'vitest'
import { createShell } from './shell.ts'
import { VISITOR } from './shop-rules.ts'

const shell = createShell()
const RULES = ['--artifact', 'rules.json']
const WARM = ['--tnt-id', '4c038b35f1b1453d80a3e7da8208c617']
const SHOP = ['--url', 'https://shop.example/']

const decide = (...args: string[]) => shell.isotarget(['decide', ...RULES, ...args])
/** The whole answer. */
const decided = async (...args: string[]) => {
  const { out, code, err } = await decide(...args, '--json')
  expect(err).toBe('')
  return { code, ...JSON.parse(out) }
}

it('says what a place gets, and from which activity and experience', async () => {
  const { code, out, err } = await decide(
    '--mbox',
    'home',
    ...SHOP,
    ...WARM,
    '--param',
    'user.name=Ann',
    '--at',
    '2026-11-27',
  )
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toBe(`artifact  rules.json, 8 rules, client acme
visitor   tntId 4c038b35f1b1453d80a3e7da8208c617
page      https://shop.example/
time      2026-11-27T00:00:00.000Z

mbox home execute
  ✓ html <h1>Summer for Ann</h1>
    Summer sale (125880), Warm (0), offer Summer sale Warm
`)
})

it('says why a place gets nothing', async () => {
  const { code, out } = await decide('--mbox', 'home', '--url', 'https://other.example/', '--tnt-id', VISITOR)
  expect(code).toBe(0)
  expect(out.slice(out.indexOf('mbox home'))).toBe(`mbox home execute
  – default content: none of 3 rules matches
    Store app (125883), App (0)
      it takes part in the properties app-token, and the request names none
    Summer sale (125880), Warm (0)
      allocation must be at most 50, but is 52.84
    Summer sale (125880), Control (1)
      page.domain_lc must be one of ["shop.example","shop.com"], but is "other.example"
`)
})

it('knows default content that an experience asks for', async () => {
  for (const mode of [[], ['--prefetch']]) {
    const { out } = await decide('--mbox', 'home', ...SHOP, '--tnt-id', VISITOR, ...mode)
    expect(out).toContain('✓ default content\n    Summer sale (125880), Control (1)')
  }
})

it('names what only the edge can decide, and fails', async () => {
  const { code, out } = await decide(
    '--mbox',
    'recommendations',
    '--mbox',
    'hero',
    '--mbox',
    'nobody',
    '--mbox',
    'empty',
  )
  expect(code).toBe(1)
  expect(out).toContain(
    'mbox recommendations execute\n  → The edge decides: the artifact holds no rules for this place.',
  )
  expect(out).toContain('mbox nobody execute\n  → The edge decides: the artifact holds no rules for this place.')
  expect(out).toMatch(
    /mbox hero execute\n {2}→ The edge decides: it has activities[^✓]* {2}✓ html <p>Free shipping<\/p>/,
  )
  expect(out).toContain('mbox empty execute\n  – default content: no activity is here')
})

it('writes the whole answer as JSON', async () => {
  const { code, response, ...rest } = await decided('--mbox', 'cart', '--mbox', 'hero', '--param', 'plan=Gold', ...WARM)
  expect(code).toBe(1)
  expect(rest).toMatchObject({ remoteMboxes: ['hero'], remoteViews: [], notifications: [{}, {}] })
  expect(response).toMatchObject({
    status: 206,
    client: 'acme',
    id: { tntId: WARM[1] },
    execute: {
      mboxes: [
        { index: 0, name: 'cart', options: [{ type: 'json', content: { shipping: 0 } }] },
        { index: 1, name: 'hero', options: [{ type: 'html', content: '<p>Free shipping</p>' }] },
      ],
    },
  })
  // As the account asks for it, not as the words for people need it.
  expect(Object.keys(response.execute.mboxes[0].options[0].responseTokens).sort()).toEqual([
    'activity.decisioningMethod',
    'activity.id',
    'experience.name',
  ])
})

it('prefetches mboxes and the page load with --prefetch, and views always', async () => {
  const all = ['--mbox', 'cart', '--view', 'checkout', '--page-load']
  const { response: executed } = await decided(...all)
  expect(Object.keys(executed.execute)).toEqual(['mboxes', 'pageLoad'])
  expect(executed.prefetch).toMatchObject({ views: [{ name: 'checkout', options: [{ eventToken: 'pay' }] }] })
  const { response, notifications } = await decided(...all, '--prefetch', '--param', 'plan=gold')
  expect(response.execute).toBeUndefined()
  expect(Object.keys(response.prefetch).sort()).toEqual(['mboxes', 'pageLoad', 'views'])
  expect(response.prefetch.mboxes).toMatchObject([{ options: [{ eventToken: 'gold' }] }])
  expect(notifications).toEqual([])
})

it('takes the place of the visitor field by field', async () => {
  const shown = (...geo: string[]) =>
    decided('--page-load', ...geo.flatMap((text) => ['--geo', text])).then(({ response }) => response.execute.pageLoad)
  const { options } = await shown('country=US,city=SAN FRANCISCO', 'latitude=37.7')
  expect(options).toMatchObject([{ type: 'actions', responseTokens: { 'geo.city': 'SAN FRANCISCO' } }])
  expect((await shown('city=San Francisco')).options).toEqual([])
})

it('falls into experiences by ECID, device id and own id', async () => {
  const shown = async (...ids: string[]) => {
    const { response } = await decided('--mbox', 'home', ...SHOP, ...ids)
    return [response.id, response.execute.mboxes[0].options.length]
  }
  expect(await shown(...WARM)).toEqual([{ tntId: WARM[1] }, 1])
  expect(await shown('--third-party-id', `${WARM[1]}`)).toEqual([{ thirdPartyId: WARM[1] }, 1])
  expect(await shown('--ecid', VISITOR, ...WARM)).toEqual([{ marketingCloudVisitorId: VISITOR, tntId: WARM[1] }, 0])
})

it('makes up a visitor who is new, and says how to stay the same', async () => {
  const { out } = await decide('--mbox', 'home', ...SHOP)
  const [, id = ''] = /visitor +tntId ([\da-f]{32}), made up: give it with --tnt-id to be the same\n/.exec(out) ?? []
  const again = await decide('--mbox', 'home', ...SHOP, '--tnt-id', id)
  expect(again.out.split('mbox home')[1]).toBe(out.split('mbox home')[1])
})

it('decides for the account that is named', async () => {
  const { response } = await decided('--mbox', 'home', ...SHOP, ...WARM, '--client', 'other')
  expect(response.client).toBe('other')
  const { out } = await decide('--mbox', 'home', '--client', 'other')
  expect(out).toContain('8 rules, client other')
})

it('takes part in a property', async () => {
  const { response } = await decided('--mbox', 'home', '--property', 'app-token')
  expect(response.execute.mboxes[0].options[0].content).toBe('<h1>In the app</h1>')
  const { out } = await decide('--mbox', 'home', '--property', 'app-token')
  expect(out).toContain('property  app-token')
})

it.each([
  ['2026-12-10', 1],
  ['2026-12-10T12:00', 1],
  ['2026-12-24T01:30:00+02:00', 1],
  ['2026-12-24T01:30:00', 0],
])('decides as of %s', async (at, count) => {
  const { response } = await decided('--mbox', 'cart', '--at', at)
  expect(response.execute.mboxes[0].options ?? []).toHaveLength(count)
})

it('takes hosts apart as servers or as browsers do', async () => {
  const at = ['--mbox', 'home', '--url', 'https://www.shop.com/', ...WARM]
  const { response: server } = await decided(...at, '--as', 'server')
  const { response: browser } = await decided(...at, '--as', 'browser')
  expect(server.execute.mboxes[0].options).toHaveLength(1)
  expect(browser.execute.mboxes[0].options).toBeUndefined()
})

it('hands over the user agent and the page before', async () => {
  const agent = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:73.0) Gecko/20100101 Firefox/73.0'
  const args = ['--mbox', 'cart', '--user-agent', agent, '--referrer', 'https://news.com/a', '--trace']
  const { response } = await decided(...args)
  const [{ context }] = response.execute.mboxes[0].trace.evaluatedCampaignTargets
  expect(context.user).toMatchObject({ browserType: 'firefox', platform: 'mac' })
  expect(context.referring).toMatchObject({ domain: 'news.com', path: '/a' })
})

it('shows the facts and the audiences with --trace', async () => {
  const { out } = await decide(
    '--mbox',
    'cart',
    '--param',
    'plan=Basic',
    '--trace',
    '--at',
    '2026-11-27T09:00Z',
    ...SHOP,
  )
  expect(out).toMatch(/^ {4}current_timestamp +2026-11-27T09:00:00.000Z$/m)
  expect(out).toMatch(/^ {4}page.domain +shop.example$/m)
  expect(out).toMatch(/^ {4}mbox.plan +Basic$/m)
  expect(out).toMatch(
    /activity 125881 landing, allocation [\d.]+\n {6}audiences that match: none; that do not: 1258810\n/,
  )
  const { out: none } = await decide('--mbox', 'empty', '--trace')
  expect(none).toContain('no trace: no rule was looked at')
})

it('adds flags to a request of a file, and they win', async () => {
  shell.write('whole.json', {
    id: { tntId: 'other' },
    context: { address: { url: 'https://other.example/' }, geo: { city: 'BERGEN' } },
    property: { token: 'other' },
    execute: { pageLoad: {}, mboxes: [{ name: 'cart', index: 4, parameters: { plan: 'basic', sku: 'a' } }] },
  })
  const whole = ['--request', 'whole.json']
  const { response: alone } = await decided(...whole)
  expect(alone).toMatchObject({
    id: { tntId: 'other' },
    execute: { mboxes: [{ index: 4 }], pageLoad: { options: [{}] } },
  })
  const { response } = await decided(...whole, ...WARM, ...SHOP, '--mbox', 'home', '--param', 'plan=gold')
  expect(response.id).toEqual({ tntId: WARM[1] })
  expect(response.execute.mboxes).toMatchObject([
    { index: 4, name: 'cart', options: [{ content: { shipping: 0 } }] },
    { index: 0, name: 'home', options: [{ type: 'html' }] },
  ])
  expect(response.execute.pageLoad.options).toHaveLength(1)
})

it('reads the request from a pipe', async () => {
  const input = JSON.stringify({ prefetch: { views: [{}] } })
  const { code, out } = await shell.isotarget(['decide', ...RULES, '--request', '-'], { input })
  expect(code).toBe(0)
  expect(out).toMatch(/^all views prefetch\n {2}✓ actions setStyle #pay \{"color":"red"\}$/m)
})

it('takes any name for a parameter', async () => {
  const names = ['__proto__.plan=gold', 'constructor.prototype.plan=gold', 'toString=a', 'a=b=c']
  const { code, response } = await decided('--mbox', 'cart', ...names.flatMap((text) => ['--param', text]))
  expect(code).toBe(0)
  expect(response.execute.mboxes[0].options).toBeUndefined()
})

it('tells what the artifact leaves open', async () => {
  shell.write('nameless.json', { version: '1.0.0', geoTargetingEnabled: true, localMboxes: ['a'], rules: {} })
  shell.write('address.json', { context: { geo: { ipAddress: '203.0.113.7' } }, execute: { mboxes: [{ name: 'a' }] } })
  const { code, out } = await shell.isotarget(['decide', '--artifact', 'nameless.json', '--request', 'address.json'])
  expect(code).toBe(0)
  expect(out).toContain('client    not named by the artifact: give --client, experiences depend on it')
  expect(out).toContain('place     not looked up for 203.0.113.7: give --geo')
})

it('lets no text of an artifact act on the terminal', async () => {
  const bell = '\u001b[2J\u0007\u009b31m\r\nX'
  const option = { type: 'html', content: bell }
  const meta = { 'activity.name': bell, 'experience.name': bell }
  const rule = {
    condition: { '==': [bell, { var: 'mbox.plan' }] },
    meta,
    consequence: { name: 'a', options: [option] },
  }
  shell.write('loud.json', {
    version: '1.0.0',
    meta: { clientCode: bell },
    localMboxes: ['a'],
    rules: { mboxes: { a: [rule, { ...rule, condition: true }] } },
  })
  const loud = ['--mbox', 'a', '--artifact', 'loud.json']
  for (const args of [
    ['decide', ...loud],
    ['decide', ...loud, '--json'],
    ['artifact', 'explain', ...loud],
    ['artifact', 'check', '--artifact', 'loud.json'],
  ]) {
    const { out } = await shell.isotarget(args)
    expect(out).toContain('X')
    const controls = [...out].filter((character) => /\p{Cc}/u.test(character) && character !== '\n')
    expect(controls).toEqual([])
  }
})

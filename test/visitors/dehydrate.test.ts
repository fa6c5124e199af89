import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type DeliveryRequestInput, isTargetError, mboxes, TargetClient } from '../../src/server.ts'

const account = { client: 'acme', organizationId: 'ABC@AdobeOrg', telemetryEnabled: false }

/** The state of a visitor who asked and was answered so. */
const dehydrated = async (...calls: { request: DeliveryRequestInput; response: object }[]): Promise<string> => {
  const answers = calls.map(({ response }) => JSON.stringify(response))
  const target = TargetClient.create({ ...account, fetchApi: async () => new Response(answers.shift()) })
  const visitor = target.visitor('')
  for (const { request } of calls) await visitor.getOffers({ request })
  return visitor.dehydrate()
}

/** As a browser reads a script, where `__proto__` in an object sets its prototype. */
const evaluated = (text: string): unknown => new Function(`return ${text}`)()

const named = <Value>(key: string, value: Value): unknown => (key === '__proto__' ? undefined : value)
/** As JSON carries it, without members that set prototypes. */
const carried = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value, named))

const nasty = fc.constantFrom(
  '</script>',
  '<!--',
  '<script>',
  ']]>',
  '&lt;',
  '\u2028',
  '\u2029',
  '__proto__',
  'constructor',
  '\ud800',
  '`${',
)
const text = fc
  .array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 4 })
  .map((all) => all.join(''))
const content = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  ),
})).value
const parameters = fc.dictionary(
  text.filter((key) => /\S/.test(key) && !/^profile\.|^order|^product/.test(key) && key !== '__proto__'),
  text,
  { maxKeys: 3 },
)
const place = fc.record({
  name: text.map((name) => `m${name}`).filter((name) => /^.{1,99}$/.test(name)),
  parameters,
  content,
})

it('what is read again is what was answered, and nothing in it ends a script', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(place, { selector: ({ name }) => name, maxLength: 3 }), async (places) => {
      fc.pre(places.length > 0)
      const items = places.map(({ name, parameters }, index) => ({ index, name, parameters }))
      const answered = places.map(({ name, content }, index) => ({
        index,
        name,
        state: name,
        options: [{ type: 'json', content, eventToken: name, responseTokens: { [name]: content } }],
      }))
      const part = { mboxes: answered }
      const state = await dehydrated({
        request: { execute: { mboxes: items }, prefetch: { mboxes: items } },
        response: { status: 200, execute: part, prefetch: part },
      })
      const asked = {
        mboxes: items.map((item) => carried(Object.keys(item.parameters).length ? item : { ...item, parameters: {} })),
      }
      for (const read of [JSON.parse(state), evaluated(state)]) {
        expect(read.response).toEqual({ status: 200, execute: carried(part), prefetch: carried(part) })
        expect(read.request).toMatchObject({ execute: asked, prefetch: asked })
        expect(Object.keys(Object.prototype)).toEqual([])
      }
      expect(state).not.toMatch(/[<>&\u2028\u2029]/)
    }),
    { numRuns: 300 },
  )
})

it('a member that would set a prototype is left out, wherever it is', async () => {
  const content = JSON.parse('{"__proto__":{"polluted":1},"deep":[{"__proto__":{"polluted":1},"a":1}]}')
  const state = await dehydrated({
    request: { prefetch: { mboxes: mboxes('hero') } },
    response: { status: 200, prefetch: { mboxes: [{ index: 0, name: 'hero', options: [{ content }] }] } },
  })
  expect(state).not.toContain('__proto__')
  const { response } = evaluated(state) as { response: { prefetch: { mboxes: { options: { content: object }[] }[] } } }
  expect(response.prefetch.mboxes[0]?.options[0]?.content).toEqual({ deep: [{ a: 1 }] })
})

it('holds what the page needs, and no more', async () => {
  const target = TargetClient.create({
    ...account,
    propertyToken: 'property',
    fetchApi: async () =>
      Response.json({
        status: 200,
        requestId: 'r',
        id: { tntId: 'device.35_0' },
        edgeHost: 'mboxedge35.tt.omtrdc.net',
        telemetryServerToken: 'telemetry',
        execute: {
          mboxes: [{ index: 3, name: 'hero', options: [{ type: 'html', content: 'x' }], trace: { secret: 1 } }],
        },
      }),
  })
  const visitor = target.visitor(
    new Request('https://shop.example/?token=secret', { headers: { cookie: 'sid=secret' } }),
  )
  const { request } = await visitor.getOffers({
    customerIds: { crm: { id: 'secret', authState: 1 } },
    request: {
      id: { thirdPartyId: 'secret' },
      context: { geo: { city: 'secret' } },
      trace: { authorizationToken: 'secret' },
      experienceCloud: { audienceManager: { blob: 'secret' } },
      execute: {
        mboxes: [{ name: 'hero', index: 3, parameters: { sku: 1 }, profileParameters: { secret: 'secret' } }],
      },
    },
  })
  const state = visitor.dehydrate()
  expect(state).not.toMatch(/secret|telemetry|device|mboxedge/)
  expect(JSON.parse(state)).toEqual({
    client: 'acme',
    request: {
      property: { token: 'property' },
      experienceCloud: { analytics: request.experienceCloud?.analytics },
      execute: { mboxes: [{ index: 3, name: 'hero', parameters: { sku: '1' } }] },
    },
    response: {
      status: 200,
      execute: { mboxes: [{ index: 3, name: 'hero', options: [{ type: 'html', content: 'x' }] }] },
    },
    meta: { decisioningMethod: 'server-side', remoteMboxes: [], remoteViews: [] },
  })
})

const hero = (content: string, index = 0) => ({ index, name: 'hero', options: [{ type: 'html', content }] })

it('joins the answers of several calls; of two answers to one question the later counts', async () => {
  const state = await dehydrated(
    {
      request: { prefetch: { mboxes: mboxes('hero'), views: [{}] } },
      response: {
        prefetch: {
          mboxes: [hero('old')],
          views: [{ name: 'a' }, { name: 'b', state: 'old' }],
          metrics: [{ type: 'click' }],
        },
      },
    },
    {
      request: { prefetch: { mboxes: mboxes('teaser') } },
      response: { prefetch: { mboxes: [{ index: 0, name: 'teaser' }] } },
    },
    {
      request: { prefetch: { mboxes: mboxes('hero'), views: [{ name: 'b' }] }, execute: { pageLoad: {} } },
      response: {
        prefetch: { mboxes: [hero('new')], views: [{ name: 'b', state: 'new' }] },
        execute: { pageLoad: { options: [] } },
      },
    },
  )
  expect(JSON.parse(state)).toMatchObject({
    request: {
      execute: { pageLoad: {} },
      prefetch: {
        mboxes: [
          { name: 'hero', index: 0 },
          { name: 'teaser', index: 1 },
        ],
        views: [{}, { name: 'b' }],
      },
    },
    response: {
      execute: { pageLoad: { options: [] } },
      prefetch: {
        mboxes: [hero('new'), { name: 'teaser', index: 1 }],
        views: [{ name: 'a' }, { name: 'b', state: 'new' }],
        metrics: [{ type: 'click' }],
      },
    },
  })
})

it('leaves out what was decided for another property than the last call', async () => {
  const answer = (content: string) => ({ prefetch: { mboxes: [hero(content)] } })
  const state = await dehydrated(
    { request: { property: { token: 'one' }, prefetch: { mboxes: mboxes('hero') } }, response: answer('one') },
    { request: { property: { token: 'two' }, prefetch: { mboxes: mboxes('hero') } }, response: answer('two') },
  )
  expect(JSON.parse(state)).toMatchObject({
    request: { property: { token: 'two' } },
    response: { prefetch: { mboxes: [hero('two')] } },
  })
  expect(state).not.toContain('one')
})

it('is null without answers: the page asks by itself', async () => {
  const target = TargetClient.create({
    ...account,
    retries: 0,
    fetchApi: async () => new Response('', { status: 503 }),
  })
  const visitor = target.visitor('')
  expect(visitor.dehydrate()).toBe('null')
  await expect(visitor.getOffers({ request: { execute: { pageLoad: {} } } })).rejects.toThrow()
  visitor.track('order')
  await visitor.flush()
  expect(visitor.dehydrate()).toBe('null')
})

it('the answers to all visitors together are no page', () => {
  const target = TargetClient.create(account)
  for (const ask of [() => target.dehydrate(), () => target.offered()]) {
    expect(ask).toThrow('target.visitor(request)')
    try {
      ask()
    } catch (error) {
      expect(isTargetError(error) && error.code).toBe('INVALID_ARGUMENT')
    }
  }
})

it('a server takes no state: it would be that of every visitor', () => {
  expect(() => TargetClient.create({ ...account, serverState: '{}' })).toThrow('every visitor')
  expect(TargetClient.create({ ...account, serverState: null })).toBeDefined()
})

it("what is handed over is one visitor's, and what a server renders is what its page will read", async () => {
  const target = TargetClient.create({
    ...account,
    fetchApi: async (url) =>
      Response.json({ prefetch: { mboxes: [hero(`${new URL(`${url}`).searchParams.get('sessionId')}`)] } }),
  })
  const request = { prefetch: { mboxes: mboxes('hero') } }
  const visitors = ['one', 'two'].map((id) => target.visitor(`mbox=session#${id}#9999999999`))
  await Promise.all(visitors.map((visitor) => visitor.getOffers({ request })))
  for (const [at, id] of ['one', 'two'].entries()) {
    expect(JSON.parse(visitors[at]?.dehydrate() ?? '').response.prefetch.mboxes).toEqual([hero(id)])
    expect(visitors[at]?.offered(request)?.prefetch?.mboxes).toEqual([hero(id)])
  }
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createRecorder } from '../../src/emulator.ts'

/** Texts that nobody else writes: each carries a number of its own. In offers, words of three letters and fewer are left alone. */
const secret = fc
  .tuple(fc.stringMatching(/^[a-zA-Z0-9+/=_.~&"'<> é-]{0,12}$/), fc.integer({ min: 2 ** 20, max: 2 ** 40 }))
  .map(([text, number]) => `${text}S${number.toString(36)}x`)
const digits = fc.stringMatching(/^[1-9]\d{37}$/)
const device = fc.stringMatching(/^[0-9a-f]{32}$/)
const ip = fc.oneof(
  fc.ipV4().filter((text) => text.length > 7),
  fc.ipV6().filter((text) => text.length > 9),
)
const sdid = fc.stringMatching(/^[1-9A-F][0-9A-F]{15}-[0-9A-F]{16}$/)

/** One secret for each place. */
const secrets = fc.record({
  session: fc.stringMatching(/^[a-zA-Z0-9._-]{12,32}$/),
  device,
  ecid: digits,
  sdid,
  ip,
  forwarded: ip,
  thirdParty: secret,
  customer: secret,
  cookie: fc.stringMatching(/^[a-zA-Z0-9._-]{12,32}$/),
  setCookie: fc.stringMatching(/^[a-zA-Z0-9._-]{12,32}$/),
  authorization: fc.stringMatching(/^[a-zA-Z0-9._-]{12,32}$/),
  header: fc.stringMatching(/^[a-zA-Z0-9._-]{12,32}$/),
  trace: secret,
  qa: secret,
  preview: secret,
  requestId: secret,
  impression: secret,
  notification: secret,
  token: secret,
  reportedToken: secret,
  state: secret,
  metric: secret,
  parameter: secret,
  profile: secret,
  query: secret,
  referrer: secret,
  fragment: secret,
  order: secret,
  product: secret,
  unknown: secret,
  agent: secret,
  city: secret,
  latitude: fc.integer({ min: 10_000_000, max: 89_999_999 }).map((number) => `${number / 1_000_000}`),
  blob: secret,
  telemetry: secret,
  profileToken: secret,
  geoToken: secret,
  traced: secret,
  extra: secret,
})
type Secrets = typeof secrets extends fc.Arbitrary<infer Value> ? Value : never

const pageOf = (s: Secrets) =>
  `https://shop.example/path?q=${encodeURIComponent(s.query)}&utm=x#${encodeURIComponent(s.fragment)}`

const bodyOf = (s: Secrets) => {
  const item = {
    parameters: { p: s.parameter },
    profileParameters: { q: s.profile },
    order: { id: s.order, purchasedProductIds: [s.order] },
    product: { id: s.product, categoryId: s.product },
    address: { url: pageOf(s) },
    strange: s.unknown,
  }
  return {
    requestId: s.requestId,
    impressionId: s.impression,
    strange: { deeper: [s.unknown] },
    id: {
      tntId: `${s.device}.35_0`,
      thirdPartyId: s.thirdParty,
      marketingCloudVisitorId: s.ecid,
      customerIds: [{ id: s.customer, integrationCode: 'crm', authenticatedState: 'authenticated' }],
    },
    trace: { authorizationToken: s.trace },
    context: {
      channel: 'web',
      userAgent: s.agent,
      address: { url: pageOf(s), referringUrl: `https://other.example/?r=${encodeURIComponent(s.referrer)}` },
      geo: { ipAddress: s.ip, city: s.city, latitude: Number(s.latitude) },
    },
    experienceCloud: {
      analytics: { logging: 'client_side', supplementalDataId: s.sdid },
      audienceManager: { locationHint: 9, blob: s.blob },
    },
    execute: { pageLoad: item, mboxes: [{ index: 0, name: 'hero', ...item }] },
    prefetch: { views: [{ name: 'checkout', ...item }] },
    notifications: [
      {
        id: s.notification,
        type: 'display',
        timestamp: 1,
        impressionId: s.impression,
        mbox: { name: 'hero', state: s.state },
        tokens: [s.reportedToken],
        ...item,
      },
    ],
    qaMode: { token: s.qa, previewIndexes: [{ activityIndex: 1 }] },
    preview: { token: s.preview },
    telemetry: { entries: [{ requestId: s.telemetry }] },
  }
}

/** An edge that says all that it was told, wherever it can. */
const answerOf = (s: Secrets) => {
  const { latitude: _, unknown: __, traced: ___, agent, city, telemetry, blob, extra, fragment, ...echoed } = s
  // Words that are written nowhere are not known, so that an offer may not say them.
  const all = Object.values(echoed).filter((text) => ![s.header].includes(text))
  const container = {
    options: [
      {
        type: 'html',
        content: all.join(' | '),
        eventToken: s.token,
        responseTokens: {
          'activity.name': 'Summer',
          'profile.plan': s.profileToken,
          'geo.city': s.geoToken,
          'option.name': all.join(),
        },
        strange: extra,
      },
      { type: 'json', content: { [s.device]: { deep: [s.thirdParty, encodeURIComponent(s.parameter)] } } },
    ],
    metrics: [{ type: 'click', eventToken: s.metric, selector: `#x[data-id="${s.device}"]` }],
    analytics: { payload: { pe: 'tnt', tnta: `1:2|${s.device}` } },
    state: s.state,
    trace: { profile: { visitorId: s.traced, tntId: s.device } },
  }
  return {
    status: 200,
    requestId: s.requestId,
    client: 'acme',
    id: bodyOf(s).id,
    edgeHost: 'mboxedge35.tt.omtrdc.net',
    execute: { pageLoad: container, mboxes: [{ index: 0, name: 'hero', ...container }] },
    prefetch: { views: [{ name: 'checkout', ...container }] },
    notifications: [{ id: s.notification, trace: { x: s.traced } }],
    message: `Invalid session ${s.session} of ${s.ip}, ${s.forwarded}`,
    telemetryServerToken: s.telemetry,
    strange: extra,
  }
}

const exchangeOf = async (s: Secrets, answer: string, status: number) => {
  const recorder = createRecorder({
    fetchApi: async () =>
      new Response(answer, {
        status,
        headers: {
          'content-type': 'application/json',
          'set-cookie': `id=${s.setCookie}; Path=/`,
          'x-strange': s.header,
        },
      }),
  })
  await recorder(`https://acme.tt.omtrdc.net/rest/v1/delivery?client=acme&sessionId=${s.session}&x=${s.header}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      cookie: `a=b; mbox=session#${s.session}#1|PC#${s.cookie}#2`,
      authorization: `Bearer ${s.authorization}`,
      'x-forwarded-for': `${s.forwarded}, 10.0.0.1`,
      'x-strange': s.header,
    },
    body: JSON.stringify(bodyOf(s)),
  })
  return JSON.stringify(recorder.recording)
}

/** Every way in which a secret could be read in a file. */
const waysOf = (text: string): string[] => [
  text,
  JSON.stringify(text).slice(1, -1),
  encodeURIComponent(text),
  JSON.stringify(JSON.stringify(text).slice(1, -1)).slice(1, -1),
]

const expectNone = (s: Secrets, file: string) => {
  const left = Object.entries(s).filter(([, text]) => waysOf(text).some((way) => file.includes(way)))
  expect(left).toEqual([])
}

it('nothing secret of an exchange is in the recording', async () => {
  await fc.assert(
    fc.asyncProperty(secrets, async (s) => {
      const file = await exchangeOf(s, JSON.stringify(answerOf(s)), 200)
      expectNone(s, file)
      expect(file).toContain('.35_0')
      expect(file).toContain('Summer')
    }),
    { numRuns: 150 },
  )
})

it('nor of one that was answered with what is no JSON', async () => {
  await fc.assert(
    fc.asyncProperty(secrets, async (s) => {
      const page = `<p>${s.session} ${s.device} ${s.ip} ${s.thirdParty} ${s.cookie} ${s.authorization} ${s.parameter}</p>`
      expectNone(s, await exchangeOf(s, page, 502))
    }),
    { numRuns: 50 },
  )
})

it('equal values have equal stand-ins, and forms hold', async () => {
  await fc.assert(
    fc.asyncProperty(secrets, async (s) => {
      const { exchanges } = JSON.parse(await exchangeOf(s, JSON.stringify(answerOf(s)), 200))
      const [{ request, response }] = exchanges
      expect(response.body.id).toEqual(request.body.id)
      expect(response.body.requestId).toBe(request.body.requestId)
      expect(response.body.notifications[0].id).toBe(request.body.notifications[0].id)
      expect(request.body.id).toMatchObject({
        tntId: expect.stringMatching(/^recorded-device-\d+\.35_0$/),
        marketingCloudVisitorId: expect.stringMatching(/^\d{38}$/),
      })
      expect(request.body.experienceCloud.analytics.supplementalDataId).toMatch(/^[0-9A-F]{16}-[0-9A-F]{16}$/)
      expect(request.body.context.geo.ipAddress).toMatch(/^192\.0\.2\.\d+$|^2001:db8::/)
      expect(URL.canParse(request.body.context.address.url)).toBe(true)
    }),
    { numRuns: 50 },
  )
})

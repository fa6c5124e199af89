import { expect, it } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { type ClientOptions, mboxes, TargetClient } from '../../src/server.ts'

const account = { client: 'acme', organizationId: 'ABC@AdobeOrg' }
const GOOGLE = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'
const PHONE =
  'Mozilla/5.0 (Linux; Android 9; CUBOT_P30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/83.0.4103.106 Mobile Safari/537.36'

const visitorOf = (userAgent: string | undefined, options: Partial<ClientOptions> = {}) => {
  const target = TargetClient.create({ ...account, ...options })
  return { target, visitor: target.visitor({ headers: { 'user-agent': userAgent } }) }
}

it.each([
  GOOGLE,
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36',
  'Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)',
  'Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)',
  'DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)',
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)',
  'Mozilla/5.0 (compatible; ClaudeBot/1.0; +claudebot@anthropic.com)',
  'CCBot/2.0 (https://commoncrawl.org/faq/)',
  'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
  'Twitterbot/1.0',
  'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)',
  'Mozilla/5.0 (compatible; SemrushBot-BA; +http://www.semrush.com/bot.html)',
  'Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)',
  'Mediapartners-Google',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Linux; Android 11; moto g power) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36 Chrome-Lighthouse',
  'Mozilla/5.0 (compatible; Pingdom.com_bot_version_1.4_(http://www.pingdom.com/))',
])('%s is no person', (userAgent) => {
  expect(visitorOf(userAgent).visitor.isBot).toBe(true)
})

it.each([
  undefined,
  '',
  PHONE,
  'Mozilla/5.0 (Linux; U; Android 4.4.2; de-de; CUBOT S308) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/330.0 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/480]',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 YaBrowser/24.6.0 Safari/537.36',
  'Mozilla/5.0 (Linux; Android 13; Abbott) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36',
])('%s may be a person', (userAgent) => {
  expect(visitorOf(userAgent).visitor.isBot).toBe(false)
})

it('the client of all visitors is nobody, and a visitor known by a cookie alone is a person', () => {
  const target = TargetClient.create(account)
  expect([target.isBot, target.visitor('mbox=x').isBot]).toEqual([false, false])
})

/** What a visitor with such a user agent leaves at the edge: offers, impressions, calls. */
const visited = async (userAgent: string, options: Partial<ClientOptions> = {}) => {
  const edge = createEmulator({ ...account, offers: { hero: 'Sun', flags: { json: { a: 1 } } } })
  const { target, visitor } = visitorOf(userAgent, { ...options, fetchApi: edge })
  if (options.decisioningMethod) await target.ready()
  const queued: unknown[] = []
  target.on('notificationQueued', ({ notification }) => queued.push(notification))
  const { response } = await visitor.getOffers({
    request: { prefetch: { mboxes: mboxes('hero') }, execute: { mboxes: mboxes('flags') } },
  })
  const [hero] = response.prefetch?.mboxes ?? []
  if (hero) visitor.display(hero)
  visitor.track('order')
  if (options.decisioningMethod) visitor.variation('flags', 'a', 0)
  await target.close()
  const notified = edge.requests.flatMap(({ body }) => (body as { notifications?: object[] })?.notifications ?? [])
  return { content: hero?.options?.[0]?.content, notified: notified.length, queued: queued.length }
}

it('a crawler is shown and reported like everybody, unless the client says otherwise: Target leaves it out by itself', async () => {
  expect(await visited(GOOGLE)).toEqual({ content: 'Sun', notified: 2, queued: 2 })
  expect(await visited(GOOGLE, { reportBots: true })).toEqual({ content: 'Sun', notified: 2, queued: 2 })
})

it('reportBots: false tells nothing of crawlers, and everything of persons', async () => {
  expect(await visited(GOOGLE, { reportBots: false })).toEqual({ content: 'Sun', notified: 0, queued: 0 })
  expect(await visited(PHONE, { reportBots: false })).toEqual({ content: 'Sun', notified: 2, queued: 2 })
})

it('nor of what a device decided for them', async () => {
  const onDevice = { decisioningMethod: 'on-device', reportBots: false } as const
  expect(await visited(GOOGLE, onDevice)).toEqual({ content: 'Sun', notified: 0, queued: 0 })
  expect((await visited(PHONE, onDevice)).notified).toBeGreaterThan(2)
})

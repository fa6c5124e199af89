import type { Artifact, Rule } from '../../src/decisioning/artifact.ts'
import { macro } from '../decisioning/rules.ts'

/** Of two experiences at half each, the first and the second. */
const HALVES = [
  { and: [{ '<=': [0, { var: 'allocation' }] }, { '>=': [50, { var: 'allocation' }] }] },
  { and: [{ '<': [50, { var: 'allocation' }] }, { '>=': [100, { var: 'allocation' }] }] },
] as const

interface Parts {
  activity: readonly [id: number, name: string, type: string]
  experience: readonly [id: number, name: string]
  place: string
  condition: unknown
  options: object[]
  metrics?: object[]
  propertyTokens?: string[]
}

const rule = ({ activity, experience, place, condition, options, metrics = [], propertyTokens }: Parts): Rule => ({
  ruleKey: `${activity[0]}`,
  ...(propertyTokens && { propertyTokens }),
  meta: {
    'activity.id': activity[0],
    'activity.name': activity[1],
    'activity.type': activity[2],
    'experience.id': experience[0],
    'experience.name': experience[1],
    'location.name': place,
    'audience.ids': [activity[0] * 10],
    'offer.id': activity[0] * 100 + experience[0],
    'offer.name': `${activity[1]} ${experience[1]}`,
    'option.id': experience[0],
  },
  condition,
  consequence: { name: place, options, metrics } as Rule['consequence'],
})

const html = (content: string, eventToken: string) => ({ type: 'html', content, eventToken })
const SUMMER = [125880, 'Summer sale', 'ab'] as const
const GOLD = [125881, 'Gold customers', 'landing'] as const
const RAIN = [125882, 'Rainy cities', 'landing'] as const
const STORE = [125883, 'Store app', 'landing'] as const
const onShop = { in: [{ var: 'page.domain_lc' }, ['shop.example', 'shop.com']] }

/** The rules of a small shop, with a place of every kind. */
export const shopRules = {
  version: '1.0.0',
  meta: { clientCode: 'acme', environment: 'production', generatedAt: '2026-11-02T08:00:00.000Z' },
  globalMbox: 'target-global-mbox',
  geoTargetingEnabled: true,
  responseTokens: ['activity.id', 'experience.name', 'geo.city'],
  localMboxes: ['cart', 'empty', 'hero', 'home', 'target-global-mbox'],
  remoteMboxes: ['hero', 'recommendations'],
  localViews: ['checkout'],
  remoteViews: [],
  rules: {
    mboxes: {
      home: [
        rule({
          activity: STORE,
          experience: [0, 'App'],
          place: 'home',
          condition: true,
          options: [html('<h1>In the app</h1>', 'app')],
          propertyTokens: ['app-token'],
        }),
        rule({
          activity: SUMMER,
          experience: [0, 'Warm'],
          place: 'home',
          condition: { and: [HALVES[0], onShop] },
          options: [html(`<h1>Summer for ${macro('user.name')}</h1>`, 'warm')],
        }),
        rule({
          activity: SUMMER,
          experience: [1, 'Control'],
          place: 'home',
          condition: { and: [HALVES[1], onShop] },
          options: [{ eventToken: 'control' }],
        }),
      ],
      cart: [
        rule({
          activity: GOLD,
          experience: [0, 'Free shipping'],
          place: 'cart',
          condition: { '==': ['gold', { var: 'mbox.plan_lc' }] },
          options: [{ type: 'json', content: { shipping: 0 }, eventToken: 'gold' }],
        }),
        rule({
          activity: GOLD,
          experience: [1, 'Until Christmas'],
          place: 'cart',
          condition: { '<': [1796083200000, { var: 'current_timestamp' }, 1798070400000] },
          options: [{ type: 'json', content: { shipping: 5 }, eventToken: 'xmas' }],
        }),
      ],
      hero: [
        rule({
          activity: GOLD,
          experience: [0, 'Free shipping'],
          place: 'hero',
          condition: true,
          options: [html('<p>Free shipping</p>', 'hero')],
        }),
      ],
      'target-global-mbox': [
        rule({
          activity: RAIN,
          experience: [0, 'Umbrellas'],
          place: 'target-global-mbox',
          condition: { in: [{ var: 'geo.city' }, ['SAN FRANCISCO', 'BERGEN']] },
          options: [
            {
              type: 'actions',
              content: [{ type: 'setHtml', selector: 'h1', content: 'Umbrellas for San Francisco' }],
              eventToken: 'rain',
            },
          ],
        }),
      ],
    },
    views: {
      checkout: [
        rule({
          activity: SUMMER,
          experience: [0, 'Warm'],
          place: 'checkout',
          condition: true,
          options: [
            {
              type: 'actions',
              content: [{ type: 'setStyle', selector: '#pay', content: { color: 'red' } }],
              eventToken: 'pay',
            },
          ],
          metrics: [{ type: 'click', selector: '#pay', eventToken: 'click' }],
        }),
      ],
    },
  },
} satisfies Artifact

/** The visitor whom the examples of help name. */
export const VISITOR = '338e3c1e51f7416a8e1ccba4f81acea0'

/** The obfuscated form of an artifact, as the CDN serves it in `rules.bin`. */
export const obfuscated = (artifact: object, organizationId: string): Buffer => {
  const secret = '0123456789abcdef0123456789abcdef'
  const key = Buffer.from(organizationId + secret)
  const content = Buffer.from(JSON.stringify(artifact)).map((byte, at) => byte ^ (key[at % key.length] as number))
  return Buffer.concat([Buffer.from(`ATOD:001${secret}`), content])
}

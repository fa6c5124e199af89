// Fifty experiments, each half and half among those in the US whose plan is pro or enterprise, and who asks for them.

export const EXPERIMENTS = Array.from({ length: 50 }, (_, at) => `experiment-${at}`)
export const ARMS = ['control', 'treatment']
export const COUNTRY = 'US'
export const PLANS = ['pro', 'enterprise']

const share = (arm) => {
  const allocation = { var: 'allocation' }
  return { and: [{ [arm ? '<' : '<=']: [50 * arm, allocation] }, { '>=': [50 * (arm + 1), allocation] }] }
}

/** As Target writes an audience. */
const AUDIENCE = [
  { or: [{ '==': [COUNTRY, { var: 'geo.country' }] }] },
  { or: PLANS.map((plan) => ({ '==': [plan, { var: 'mbox.plan' }] })) },
]

const ruleOf = (mbox, at, arm) => ({
  ruleKey: `${at}`,
  meta: {
    'activity.id': 500_000 + at,
    'activity.name': mbox,
    'activity.type': 'ab',
    'experience.id': arm,
    'experience.name': ARMS[arm],
    'location.name': mbox,
    'location.type': 'mbox',
    'location.id': 0,
    'audience.ids': [7],
    'offer.id': 9000 + arm,
    'option.id': arm + 2,
    'option.name': ARMS[arm],
  },
  condition: { and: [share(arm), ...AUDIENCE] },
  consequence: {
    name: mbox,
    options: [{ type: 'json', eventToken: `token-${at}-${arm}`, content: { arm: ARMS[arm] } }],
    metrics: [],
  },
})

/** The experiments as an artifact; the value of each is in the key `arm`. */
export const experimentsArtifact = () => ({
  version: '1.0.0',
  meta: { clientCode: 'acme', environment: 'production' },
  globalMbox: 'target-global-mbox',
  geoTargetingEnabled: true,
  responseTokens: ['activity.id', 'activity.name', 'experience.id', 'experience.name', 'offer.id', 'option.id'],
  remoteMboxes: [],
  remoteViews: [],
  localMboxes: EXPERIMENTS,
  localViews: [],
  rules: {
    mboxes: Object.fromEntries(EXPERIMENTS.map((mbox, at) => [mbox, ARMS.map((_, arm) => ruleOf(mbox, at, arm))])),
    views: {},
  },
})

/** Who asks: all of them are in the audience, so that everybody is drawn for. */
export const visitorsOf = (count, first = 0) =>
  Array.from({ length: count }, (_, at) => ({ id: `visitor-${first + at}`, plan: PLANS[at % PLANS.length] }))

// Artifacts as Target writes them, in the sizes that are measured.

const token = (seed) => Buffer.from(`${seed}`.padEnd(48, 'isotarget')).toString('base64')

const share = (index, of) => {
  const low = (100 * index) / of
  const high = (100 * (index + 1)) / of
  const allocation = { var: 'allocation' }
  return { and: [{ [index ? '<' : '<=']: [low, allocation] }, { '>=': [high, allocation] }] }
}

/** Nobody has the plan that closed activities ask for. */
const plan = (isOpen) => ({ '==': [isOpen ? 'gold' : 'platinum', { var: 'mbox.plan_lc' }] })

/** Everybody is on the shop's pages. */
const audience = (isOpen) => ({
  and: [
    { in: ['/catalog', { var: 'page.url_lc' }] },
    { in: ['shop-example.com', { var: 'page.domain_lc' }] },
    plan(isOpen),
  ],
})

const ruleOf = ({ mbox, activity, name, experience, experiences, isOpen, isClosedAnywhere }) => ({
  ruleKey: `${activity}`,
  activityId: activity,
  meta: {
    'activity.id': activity,
    'activity.name': `Activity ${activity} of ${name}`,
    'activity.type': 'ab',
    'experience.id': experience,
    'experience.name': `Experience ${'AB'[experience]}`,
    'location.name': name,
    'location.type': 'mbox',
    'location.id': mbox,
    'audience.ids': [activity * 10],
    'offer.id': activity * 100 + experience,
    'option.id': experience + 2,
    'option.name': `Offer ${experience + 2}`,
  },
  condition: { and: [share(experience, experiences), isClosedAnywhere ? audience(isOpen) : plan(isOpen)] },
  consequence: {
    name,
    options: [
      {
        type: 'json',
        eventToken: token(`${activity}-${experience}`),
        content: { title: `Offer of ${name}`, price: 19.5 + experience, isNew: true, tags: ['a', 'b'] },
      },
    ],
    metrics: [{ type: 'click', eventToken: token(`${activity}-click`) }],
  },
})

export const rulesIn = ({ mboxes, activities, experiences }) => mboxes * activities * experiences

/** `activities` of `experiences` for each mbox; only the last activity is open to the visitors who ask. */
const writtenArtifact = ({ mboxes, activities, experiences }) => {
  const names = Array.from({ length: mboxes }, (_, mbox) => `mbox-${mbox}`)
  const rules = names.map((name, mbox) => {
    const list = []
    for (let at = 0; at < activities; at++) {
      for (let experience = 0; experience < experiences; experience++) {
        const activity = 100_000 + mbox * activities + at
        const isOpen = at === activities - 1
        list.push(ruleOf({ mbox, activity, name, experience, experiences, isOpen, isClosedAnywhere: activities > 1 }))
      }
    }
    return [name, list]
  })
  return {
    version: '1.0.0',
    meta: { clientCode: 'acme', environment: 'production', generatedAt: '2026-01-01T00:00:00.000Z' },
    globalMbox: 'target-global-mbox',
    geoTargetingEnabled: false,
    responseTokens: [
      ...['activity.id', 'activity.name', 'experience.id', 'experience.name', 'geo.city', 'geo.country', 'geo.state'],
      ...['offer.id', 'offer.name', 'option.id', 'option.name'],
    ],
    remoteMboxes: [],
    remoteViews: [],
    localMboxes: names,
    localViews: [],
    rules: { mboxes: Object.fromEntries(rules), views: {} },
  }
}

/** As it comes from the network: parsed, so that no two rules share an object or a text. */
export const artifactOf = (size) => JSON.parse(JSON.stringify(writtenArtifact(size)))

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36'

/** What visitor number `at` asks: `count` mboxes, shown at once. */
export const requestOf = (at, count, mboxes) => ({
  requestId: `request-${at}`,
  id: { tntId: `${(at * 2654435761 + 1e15).toString(16)}.35_0`, marketingCloudVisitorId: `${1e15 + at * 7919}` },
  context: {
    channel: 'web',
    address: {
      url: `https://www.shop-example.com/catalog/shoes?page=${at}`,
      referringUrl: 'https://www.google.co.uk/',
    },
    userAgent: CHROME,
  },
  execute: {
    mboxes: Array.from({ length: count }, (_, index) => ({
      name: `mbox-${(index * 47) % mboxes}`,
      index,
      parameters: { plan: 'Gold', 'user.language': 'de', sku: `sku-${at}` },
    })),
  },
})

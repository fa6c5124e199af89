// What is decided, once, for whoever asks. The words of the Delivery API and those of the Edge Network say the same.

export const VIEW = 'home'

/** `sign` is how one knows in the page that an offer is there. */
const offers = [
  {
    name: 'title',
    scope: 'page',
    action: { type: 'setText', selector: '#title', content: 'Twenty off, this week' },
    sign: { selector: '#title', text: 'Twenty off' },
  },
  {
    name: 'lead',
    scope: 'page',
    action: { type: 'setHtml', selector: '#lead', content: 'Everything of <b>linen</b> ships for nothing.' },
    sign: { selector: '#lead', text: 'ships for nothing' },
  },
  {
    name: 'band',
    scope: 'view',
    action: { type: 'insertBefore', selector: '#offers', content: '<p id="band">Ends on Sunday at midnight</p>' },
    sign: { selector: '#band', text: 'Sunday' },
  },
  {
    name: 'button',
    scope: 'view',
    action: { type: 'setText', selector: '#buy', content: 'Buy now, pay later' },
    sign: { selector: '#buy', text: 'pay later' },
  },
]

/** Offers that nobody can show. They ask for what is never there. */
const faulty = (scope, selector) => ({
  name: 'faulty',
  scope,
  action: { type: 'setText', selector, content: 'never seen' },
  sign: { selector: '#never', text: 'never seen' },
})

const additions = {
  'missing-view': faulty('view', '#nowhere'),
  'missing-page': faulty('page', '#nowhere'),
  selector: faulty('view', '#offers >> b'),
}

export const offersOf = (addition) => (addition ? [additions[addition], ...offers] : offers)

/** What a page hides until it knows better: the elements that the offers change. */
export const CHANGED = ['#title', '#lead', '#buy']

const named = (list, scope) => list.filter((offer) => offer.scope === scope)

const optionOf = ({ name, action, scope }) => ({
  type: 'actions',
  content: [{ ...action, cssSelector: action.selector }],
  responseTokens: { 'activity.name': name },
  ...(scope === 'view' && { eventToken: name }),
})

/** An answer of the Delivery API to what was asked for. Page load is executed: it counts when it is decided. */
export const deliveryAnswer = (list, { requestId, execute, prefetch, notifications }) => ({
  status: 200,
  requestId,
  client: 'acme',
  id: { tntId: 'visitor.0_0' },
  edgeHost: 'acme.tt.omtrdc.net',
  ...(notifications && { notifications: notifications.map(({ id }) => ({ id })) }),
  ...(execute?.pageLoad && { execute: { pageLoad: { options: named(list, 'page').map(optionOf) } } }),
  ...(prefetch?.views && {
    prefetch: { views: [{ name: VIEW, key: VIEW, state: 'state', options: named(list, 'view').map(optionOf) }] },
  }),
})

const propositionOf = ({ name, scope, action }) => ({
  id: `AT:${name}`,
  scope: scope === 'view' ? VIEW : '__view__',
  scopeDetails: {
    decisionProvider: 'TGT',
    activity: { id: name },
    experience: { id: '0' },
    strategies: [{ algorithmID: '0', trafficType: '0' }],
    characteristics: { eventToken: name, ...(scope === 'view' && { scopeType: 'view' }) },
  },
  items: [
    {
      id: `item-${name}`,
      schema: 'https://ns.adobe.com/personalization/dom-action',
      meta: { 'activity.name': name },
      data: { ...action, format: 'application/vnd.adobe.target.dom-action', prehidingSelector: action.selector },
    },
  ],
})

const identity = [
  { id: '11111111111111111111111111111111111111', namespace: { code: 'ECID' } },
  { id: 'CORE', namespace: { code: 'CORE' } },
]

const storeOf = (organizationId) => [
  {
    key: `kndctr_${organizationId.replace('@', '_')}_identity`,
    value: 'identity',
    maxAge: 34_128_000,
    attrs: { SameSite: 'None' },
  },
  { key: `kndctr_${organizationId.replace('@', '_')}_cluster`, value: 'irl1', maxAge: 1800 },
]

/** An answer of the Edge Network: offers only to those who ask for them. */
export const edgeAnswer = (list, { requestId, organizationId, isAsked }) => ({
  requestId,
  handle: [
    { type: 'identity:result', payload: identity },
    ...(isAsked ? [{ type: 'personalization:decisions', eventIndex: 0, payload: list.map(propositionOf) }] : []),
    { type: 'state:store', payload: storeOf(organizationId) },
  ],
})

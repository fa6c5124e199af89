import type { Artifact } from '../../src/decisioning/artifact.ts'
import type { DeliveryRequest } from '../../src/delivery/request.ts'
import type { DeliveryResponse } from '../../src/delivery/response.ts'
import { artifactOf, macro, request, rule } from './rules.ts'

type Answer = DeliveryResponse & { remoteMboxes: string[] }

/** One way in which the engines differ on purpose, and what shows it. */
export interface Difference {
  name: string
  reason: string
  artifact: Artifact
  request: DeliveryRequest
  /** What is looked at. */
  look(answer: Answer): unknown
  /** What the published engine says; `rejects` when it gives up. */
  theirs: unknown
  ours: unknown
}

/** What the mboxes of a request show, by their order. */
const shown = ({ prefetch, execute }: Answer): unknown =>
  (prefetch ?? execute)?.mboxes?.map(({ options }) => options?.map(({ content }) => content))

const isWhere = (name: string, value: unknown) => rule({ condition: { '==': [value, { var: name }] } })
const home = (...rules: ReturnType<typeof rule>[]) => artifactOf({ mboxes: { home: rules } })
const on = (url: string, referringUrl?: string) =>
  request({ mboxes: ['home'], context: { channel: 'web', address: { url, ...(referringUrl && { referringUrl }) } } })
const NOTHING = [undefined]
const SHOWN = [['shown']]

const spoilers: Difference[] = [
  {
    name: 'an unknown operator',
    reason: 'one bad rule must not spoil the others',
    artifact: artifactOf({ mboxes: { home: [rule({ condition: { nonsense: [] } })], cart: [rule({ name: 'cart' })] } }),
    request: request({ mboxes: ['home', 'cart'] }),
    look: shown,
    theirs: 'rejects',
    ours: [undefined, ['shown']],
  },
  {
    name: 'a parameter that has a value and parts',
    reason: 'visitors choose parameters, and both can be read',
    artifact: home(
      rule({ condition: { and: [{ '==': [{ var: 'mbox.a' }, 'x'] }, { '==': [{ var: 'mbox.a.b' }, 'y'] }] } }),
    ),
    request: request({ mboxes: ['home'], parameters: { a: 'x', 'a.b': 'y' } }),
    look: shown,
    theirs: 'rejects',
    ours: SHOWN,
  },
  {
    name: 'an mbox that is called toString',
    reason: 'a name is not a member of an object',
    artifact: home(rule({})),
    request: request({ mboxes: ['home', 'toString'] }),
    look: shown,
    theirs: 'rejects',
    ours: [['shown'], undefined],
  },
  {
    name: 'a consequence without options',
    reason: 'there is nothing to show, which is no reason to fail',
    artifact: home({ ...rule({}), consequence: { name: 'home' } }),
    request: request({ mboxes: ['home'], mode: 'execute' }),
    look: shown,
    theirs: 'rejects',
    ours: [[]],
  },
  {
    name: 'an artifact without meta',
    reason: 'no decision depends on it',
    artifact: { version: '1.0.0', localMboxes: ['home'], rules: { mboxes: { home: [rule({})] }, views: {} } },
    request: request({ mboxes: ['home'] }),
    look: shown,
    theirs: 'rejects',
    ours: SHOWN,
  },
  {
    name: 'an artifact without views',
    reason: 'an account may have none',
    artifact: { ...home(rule({})), rules: { mboxes: { home: [rule({})] } } },
    request: request({ mboxes: ['home'], views: [{}] }),
    look: shown,
    theirs: 'rejects',
    ours: SHOWN,
  },
  {
    name: 'a condition of 600 levels',
    reason: 'what is deeper than 500 may well hold itself',
    artifact: home(rule({ condition: Array.from({ length: 600 }).reduce((inner) => ({ '!!': [inner] }), true) })),
    request: request({ mboxes: ['home'] }),
    look: shown,
    theirs: SHOWN,
    ours: NOTHING,
  },
]

const facts: Difference[] = [
  {
    name: 'where the visitor of a place with its own address came from',
    reason: 'the published engine takes the address itself for it',
    artifact: home(isWhere('referring.domain', 'search.com')),
    request: request({
      mboxes: [{ name: 'home', address: { url: 'http://a.com/', referringUrl: 'http://search.com/' } }],
    }),
    look: shown,
    theirs: NOTHING,
    ours: SHOWN,
  },
  {
    name: 'an address with an @ behind its host',
    reason: 'it is no user, and the host stays the host',
    artifact: home(isWhere('page.domain', 'shop.com')),
    request: on('https://shop.com/@somebody'),
    look: shown,
    theirs: NOTHING,
    ours: SHOWN,
  },
  {
    name: 'an IPv6 address',
    reason: 'its colons do not begin a port',
    artifact: home(isWhere('page.domain', '[::1]')),
    request: on('http://[::1]:8080/home'),
    look: shown,
    theirs: NOTHING,
    ours: SHOWN,
  },
  {
    name: 'a host of five labels without a list of public suffixes',
    reason: 'every host is a domain of some kind',
    artifact: home(isWhere('page.domain', 'a.b.shop.co.uk')),
    request: on('https://a.b.shop.co.uk/'),
    look: shown,
    theirs: NOTHING,
    ours: SHOWN,
  },
  {
    name: 'members that every object has',
    reason: 'they are nobody’s facts',
    artifact: home(rule({ condition: { '!!': [{ var: 'mbox.constructor' }] } })),
    request: request({ mboxes: ['home'], parameters: { plan: 'gold' } }),
    look: shown,
    theirs: SHOWN,
    ours: NOTHING,
  },
]

const content = (text: string, parts: object = {}) => home(rule({ content: text, ...parts }))

const contents: Difference[] = [
  {
    name: 'macros that are members of every object',
    reason: 'they are nobody’s values',
    artifact: content(macro('constructor')),
    request: request({ mboxes: ['home'] }),
    look: (answer) => /^function|^\$/.exec(JSON.stringify(shown(answer)).slice(3))?.[0],
    theirs: 'function',
    ours: '$',
  },
  {
    name: 'macros that name objects',
    reason: 'there is no text for them',
    artifact: content(macro('parameters')),
    request: request({ mboxes: ['home'], parameters: { plan: 'gold' } }),
    look: shown,
    theirs: [['[object Object]']],
    ours: [[macro('parameters')]],
  },
  {
    name: 'response tokens beyond those of the published engine',
    reason: 'what the account asks for and the rule knows can be said',
    artifact: {
      ...content('shown', { meta: { 'experience.trafficAllocationId': 7 } }),
      responseTokens: ['experience.trafficAllocationId'],
    },
    request: request({ mboxes: ['home'] }),
    look: ({ prefetch }) => prefetch?.mboxes?.[0]?.options?.[0]?.responseTokens,
    theirs: { 'activity.decisioningMethod': 'on-device' },
    ours: { 'activity.decisioningMethod': 'on-device', 'experience.trafficAllocationId': 7 },
  },
  {
    name: 'a page load under another name',
    reason: 'the name that the artifact gives decides what is local',
    artifact: artifactOf({ mboxes: { global: [rule({ name: 'global' })] }, globalMbox: 'global' }),
    request: request({ pageLoad: {} }),
    look: ({ remoteMboxes }) => remoteMboxes,
    theirs: ['target-global-mbox'],
    ours: [],
  },
]

/** Every way in which the engines differ on purpose, but for the visitor who is known by a customer id alone. */
export const differences: readonly Difference[] = [...spoilers, ...facts, ...contents]

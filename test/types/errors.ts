/** Mistakes that the compiler has to find: a marked line that compiles is an error of its own. Never run. */
import {
  type Client,
  type ClientOptions,
  type CustomerId,
  click,
  display,
  mbox,
  type Notification,
  TargetClient,
  type TargetError,
} from '../../src/server.ts'

declare const target: Client
declare const error: TargetError
const request = { execute: { mboxes: [{ name: 'home' }] } }
const notification: Notification = { id: 'n', type: 'display', timestamp: 1 }

export const options = () => [
  // @ts-expect-error the client code is missing
  TargetClient.create({ organizationId: 'ABC@AdobeOrg' }),
  // @ts-expect-error the organization is missing
  TargetClient.create({ client: 'acme' }),
  // @ts-expect-error a client code is text
  TargetClient.create({ client: 1, organizationId: 'ABC@AdobeOrg' }),
  // @ts-expect-error a misspelt option
  TargetClient.create({ client: 'acme', organizationId: 'ABC@AdobeOrg', timeOut: 100 }),
  // @ts-expect-error there is no such decisioning method
  TargetClient.create({ client: 'acme', organizationId: 'ABC@AdobeOrg', decisioningMethod: 'remote' }),
  // @ts-expect-error there is no such event
  TargetClient.create({ client: 'acme', organizationId: 'ABC@AdobeOrg', events: { clientreday: () => {} } }),
  // @ts-expect-error a client is made by create
  new TargetClient({ client: 'acme', organizationId: 'ABC@AdobeOrg' }),
  // @ts-expect-error an environment is a number
  { client: 'acme', organizationId: 'ABC@AdobeOrg', environmentId: '1' } satisfies ClientOptions,
]

export const calls = () => [
  // @ts-expect-error the request is missing
  target.getOffers({ sessionId: 'S' }),
  // @ts-expect-error the request is an option, not the options
  target.getOffers(request),
  // @ts-expect-error a misspelt call option
  target.getOffers({ request, targetcookie: '' }),
  // @ts-expect-error the option was renamed in version 2 of the Node.js SDK
  target.getOffers({ request, targetLocationHintCookie: '35' }),
  // @ts-expect-error names are a list
  target.getAttributes('flags'),
  // @ts-expect-error there is no such event
  target.on('notificationsent', () => {}),
  // @ts-expect-error an event has no such member
  target.on('warning', ({ notification: _ }) => {}),
]

export const requests = () => [
  // @ts-expect-error a misspelt member of the request
  target.getOffers({ request: { excute: { pageLoad: {} } } }),
  // @ts-expect-error a name is text
  target.getOffers({ request: { execute: { mboxes: [{ name: 1 }] } } }),
  // @ts-expect-error an mbox has a name
  target.getOffers({ request: { execute: { mboxes: [{ index: 1 }] } } }),
  // @ts-expect-error mboxes are a list
  target.getOffers({ request: { execute: { mboxes: { name: 'home' } } } }),
  // @ts-expect-error only a prefetch has views
  target.getOffers({ request: { execute: { views: [{}] } } }),
  // @ts-expect-error there is no such channel
  target.getOffers({ request: { context: { channel: 'Web' } } }),
  // @ts-expect-error a misspelt member, deep inside
  target.getOffers({ request: { ...request, context: { address: { uri: 'https://acme.test/' } } } }),
  // @ts-expect-error there is no such state of a customer id
  { id: '1', integrationCode: 'crm', authenticatedState: 'in' } satisfies CustomerId,
  // @ts-expect-error a customer id names its data source
  { id: '1', authenticatedState: 'unknown' } satisfies CustomerId,
  // @ts-expect-error there is no such logging
  target.getOffers({ request: { ...request, experienceCloud: { analytics: { logging: 'server' } } } }),
  // @ts-expect-error the region is a number
  target.getOffers({ request: { ...request, experienceCloud: { audienceManager: { locationHint: '9' } } } }),
  // @ts-expect-error values of parameters are no objects
  target.getOffers({ request: { execute: { mboxes: [mbox('home', { parameters: { user: { age: 1 } } })] } } }),
  // @ts-expect-error a total is a number
  target.getOffers({ request: { execute: { mboxes: [mbox('order', { order: { total: '9.50' } })] } } }),
  // @ts-expect-error a property has a token
  target.getOffers({ request: { ...request, property: {} } }),
]

export const reports = () => [
  // @ts-expect-error a notification has an id
  target.notify({ type: 'display', timestamp: 1 }),
  // @ts-expect-error an id is text, not the id of the visitor
  target.notify({ ...notification, id: { tntId: 'x' } }),
  // @ts-expect-error there is no such type of notification
  target.notify({ ...notification, type: 'hover' }),
  // @ts-expect-error a timestamp is a number, not a date
  target.notify({ ...notification, timestamp: new Date() }),
  // @ts-expect-error tokens are a list
  target.notify({ ...notification, tokens: 'TOKEN' }),
  // @ts-expect-error what was shown is a place, not its name
  display('home'),
  // @ts-expect-error what was clicked is a place, not an option
  click({ type: 'html', content: '' }),
  // @ts-expect-error an order has a total
  target.track('order', { order: { amount: 1 } }),
]

export const outcomes = async () => {
  const { response, targetCookie } = await target.getOffers({ request })
  return [
    // @ts-expect-error members of an answer may be missing
    response.execute.mboxes,
    // @ts-expect-error a misspelt member of the answer
    response.excute,
    // @ts-expect-error a lifetime is in seconds, under this name only
    targetCookie.expires,
    // @ts-expect-error there is no such code
    error.code === 'TIMED_OUT',
    // @ts-expect-error without a default the value may be anything
    (await target.getAttributes(['flags'])).getValue('flags', 'on').toString(),
  ]
}

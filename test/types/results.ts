import type * as Door from '../../src/browser.ts'
import type {
  AnalyticsResponse,
  Attributes,
  Client,
  Cookie,
  DecisioningMethod,
  DeliveryRequest,
  DeliveryResponse,
  FlushResult,
  ResponseTokens,
  Result,
  TargetClient,
  TraceResponse,
  VisitorState,
} from '../../src/server.ts'
import type { Same } from './paths.ts'

declare const attributes: Attributes
declare const client: Client

/** Fails to compile unless the value is of this very type. */
const is = <Expected>() => ({ exactly: <Actual>(_: Actual, same: Same<Actual, Expected>) => same })
declare const given: { yes: boolean; count: 1 | 2; size: 'small' | 'large'; list: string[] }

/** Never run: the compiler reads it. */
export const values = () => [
  is<boolean>().exactly(attributes.getValue('flags', 'on', false), true),
  is<number>().exactly(attributes.getValue('flags', 'count', 0), true),
  is<string>().exactly(attributes.getValue('flags', 'text', ''), true),
  is<boolean>().exactly(attributes.getValue('flags', 'on', given.yes), true),
  is<number>().exactly(attributes.getValue('flags', 'count', given.count), true),
  is<string>().exactly(attributes.getValue('flags', 'size', given.size), true),
  is<string[]>().exactly(attributes.getValue('flags', 'list', given.list), true),
  is<unknown>().exactly(attributes.getValue('flags', 'anything'), true),
  is<Record<string, unknown>>().exactly(attributes.asObject('flags'), true),
  is<Record<string, Record<string, unknown>>>().exactly(attributes.asObject(), true),
  is<Result>().exactly(attributes.getResponse(), true),
  is<Promise<Result>>().exactly(client.getOffers({ request: { execute: { pageLoad: {} } } }), true),
  is<Promise<Result>>().exactly(client.sendNotifications({ request: { notifications: [] } }), true),
  is<Promise<Attributes>>().exactly(client.getAttributes(['flags']), true),
  is<Promise<FlushResult>>().exactly(client.flush(), true),
]

const listen = () =>
  client.on('notificationSent', ({ type, notification }) => {
    is<'notificationSent'>().exactly(type, true)
    is<string>().exactly(notification.id, true)
  })
export const listening: Same<ReturnType<typeof listen>, () => void> = true

interface Expected {
  request: DeliveryRequest
  response: DeliveryResponse
  status: { status: number; message: string; remoteMboxes: string[]; remoteViews: string[] }
  targetCookie: Cookie
  targetLocationHintCookie?: Cookie
  visitorState?: VisitorState
  analyticsDetails?: AnalyticsResponse[]
  trace?: TraceResponse[]
  responseTokens?: ResponseTokens[]
  meta: { decisioningMethod: DecisioningMethod; remoteMboxes: string[]; remoteViews: string[] }
}
export const result: Same<{ [Key in keyof Result]: Result[Key] }, { [Key in keyof Expected]: Expected[Key] }> = true
export const cookie: Same<{ [Key in keyof Cookie]: Cookie[Key] }, { name: string; value: string; maxAge: number }> =
  true

/** A page and a server see the same client. */
export const doors: [
  Same<Door.Result, Result>,
  Same<Door.Client, Client>,
  Same<typeof Door.TargetClient, typeof TargetClient>,
] = [true, true, true]

/** What the guides show must stay readable without a cast. */
export const guide = async (target: Client) => {
  const { response } = await target.getOffers({ request: { prefetch: { mboxes: [{ name: 'home' }] } } })
  const [home] = response.prefetch?.mboxes ?? []
  const [option] = home?.options ?? []
  if (home) target.display(home)
  return { content: option?.content, tokens: option?.responseTokens?.['activity.name'], state: home?.state }
}

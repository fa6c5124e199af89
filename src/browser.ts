/**
 * The client of a page. Nothing happens on import; the platform, the queue and the edge are withheld, so that they can change.
 * @module
 */
import { targetClientOn } from './client/target-client.ts'
import { browserPlatform } from './platform/browser.ts'

// The client
/** `TargetClient.create({ client, organizationId })` makes the client of this page, which keeps its visitor by itself. */
export const TargetClient = targetClientOn({ platformOf: browserPlatform })

// Types: client
export type { AttributeMap, Attributes } from './client/attributes.ts'
export type { Client } from './client/client.ts'
export type { AnyEvent, ClientEvents, EventName, Listener } from './client/events.ts'
export type { Variation, VariationOptions, Variations } from './client/flags.ts'
export type { AttributesOptions, CallOptions, ClientOptions, CustomerIdMap, RequestOptions } from './client/options.ts'
export type { Result } from './client/result.ts'
export type { Visitor, VisitorState } from './client/supplemental-data.ts'
export type { TargetClientStatic } from './client/target-client.ts'
// Types: the Delivery API
export type { FlagReason } from './decisioning/flag.ts'
export type { Action } from './delivery/action.ts'
export type {
  AnalyticsRequest,
  AnalyticsResponse,
  AudienceManager,
  ExperienceCloud,
  LoggingType,
} from './delivery/analytics.ts'
// Requests
export { mbox, mboxes, pageLoad, view } from './delivery/asking.ts'
export type { AuthState } from './delivery/auth-state.ts'
export type { Address, ClientHints, Context, Geo } from './delivery/context.ts'
export type { Decide } from './delivery/decide.ts'
export type { Parameters, RequestDetails } from './delivery/details.ts'
export type { TargetErrorCode, TargetErrorDetails } from './delivery/error.ts'
// Errors
export { isTargetError, TargetError } from './delivery/error.ts'
export type { MboxRequest, MboxResponse, PrefetchMboxResponse } from './delivery/mbox.ts'
export type { Metric, MetricType } from './delivery/metric.ts'
export type { Notification, NotificationResponse } from './delivery/notification.ts'
export type { Option, OptionType, ResponseTokens } from './delivery/offer.ts'
export type { Order, Product } from './delivery/order.ts'
export type { PageLoadResponse } from './delivery/page-load.ts'
export type { Preview, QAMode } from './delivery/preview.ts'
export type { Property } from './delivery/property.ts'
export type { DeliveryRequest, DeliveryRequestInput, ExecuteRequest, PrefetchRequest } from './delivery/request.ts'
export type { DeliveryResponse, ExecuteResponse, PrefetchResponse } from './delivery/response.ts'
export type { Scalar } from './delivery/schema.ts'
export type { ServerState } from './delivery/server-state.ts'
export type { Cookie } from './delivery/session.ts'
export type { NotificationDetails, Shown } from './delivery/shown.ts'
export type { DecisioningMethod, Telemetry, TelemetryEntry } from './delivery/telemetry.ts'
export type { Trace, TraceResponse } from './delivery/trace.ts'
export type { View, ViewRequest } from './delivery/view.ts'
export type { AuthenticatedState, CustomerId, VisitorId } from './delivery/visitor.ts'
export type { DropReason } from './notification/accounts.ts'
// Notifications
export { click, conversion, display } from './notification/build.ts'
export type { FlushOptions, FlushResult } from './notification/queue.ts'
export type {
  Consent,
  CookieAttributes,
  GeoSource,
  Logger,
  NotificationStorage,
  VisitDetails,
} from './platform/platform.ts'

import type * as Adobe from '@adobe/target-tools/delivery-api-client'
import type * as Ours from '../../src/server.ts'
import type { Complete, Missing } from './paths.ts'

type Request = Ours.DeliveryRequestInput
type Response = Ours.DeliveryResponse
type Item<List> = NonNullable<List> extends readonly (infer One)[] ? One : never

/** Every model that Adobe publishes, by its name, and the type that stands for it here. */
export interface Models {
  Action: [Adobe.Action, Ours.Action]
  Address: [Adobe.Address, Ours.Address]
  AnalyticsPayload: [Adobe.AnalyticsPayload, NonNullable<Ours.AnalyticsResponse['payload']>]
  AnalyticsRequest: [Adobe.AnalyticsRequest, Ours.AnalyticsRequest]
  AnalyticsResponse: [Adobe.AnalyticsResponse, Ours.AnalyticsResponse]
  Application: [Adobe.Application, NonNullable<Ours.Context['application']>]
  AudienceManager: [Adobe.AudienceManager, Ours.AudienceManager]
  Browser: [Adobe.Browser, NonNullable<Ours.Context['browser']>]
  ClientHints: [Adobe.ClientHints, Ours.ClientHints]
  Context: [Adobe.Context, Ours.Context]
  CustomerId: [Adobe.CustomerId, Ours.CustomerId]
  DeliveryRequest: [Adobe.DeliveryRequest, Request]
  DeliveryResponse: [Adobe.DeliveryResponse, Response]
  ExecuteRequest: [Adobe.ExecuteRequest, Ours.ExecuteRequest]
  ExecuteResponse: [Adobe.ExecuteResponse, NonNullable<Response['execute']>]
  ExperienceCloud: [Adobe.ExperienceCloud, Ours.ExperienceCloud]
  Geo: [Adobe.Geo, Ours.Geo]
  MboxRequest: [Adobe.MboxRequest, Ours.MboxRequest]
  MboxRequestAllOf: [Adobe.MboxRequestAllOf, Ours.MboxRequest]
  MboxResponse: [Adobe.MboxResponse, Ours.MboxResponse]
  Metric: [Adobe.Metric, Ours.Metric]
  MobilePlatform: [Adobe.MobilePlatform, NonNullable<Ours.Context['mobilePlatform']>]
  Notification: [Adobe.Notification, Ours.Notification]
  NotificationAllOf: [Adobe.NotificationAllOf, Ours.Notification]
  NotificationMbox: [Adobe.NotificationMbox, NonNullable<Ours.Notification['mbox']>]
  NotificationPageLoad: [Adobe.NotificationPageLoad, NonNullable<Ours.Notification['pageLoad']>]
  NotificationResponse: [Adobe.NotificationResponse, Ours.NotificationResponse]
  NotificationView: [Adobe.NotificationView, NonNullable<Ours.Notification['view']>]
  Option: [Adobe.Option, Ours.Option]
  Order: [Adobe.Order, Ours.Order]
  PageLoadResponse: [Adobe.PageLoadResponse, Ours.PageLoadResponse]
  PrefetchMboxResponse: [Adobe.PrefetchMboxResponse, Ours.PrefetchMboxResponse]
  PrefetchMboxResponseAllOf: [Adobe.PrefetchMboxResponseAllOf, Ours.PrefetchMboxResponse]
  PrefetchRequest: [Adobe.PrefetchRequest, Ours.PrefetchRequest]
  PrefetchResponse: [Adobe.PrefetchResponse, NonNullable<Response['prefetch']>]
  Preview: [Adobe.Preview, Ours.Preview]
  Product: [Adobe.Product, Ours.Product]
  Property: [Adobe.Property, Ours.Property]
  QAMode: [Adobe.QAMode, Ours.QAMode]
  QAModePreviewIndex: [Adobe.QAModePreviewIndex, Item<Ours.QAMode['previewIndexes']>]
  RequestDetails: [Adobe.RequestDetails, Ours.RequestDetails]
  Screen: [Adobe.Screen, NonNullable<Ours.Context['screen']>]
  Telemetry: [Adobe.Telemetry, Ours.Telemetry]
  TelemetryEntry: [Adobe.TelemetryEntry, Ours.TelemetryEntry]
  TelemetryFeatures: [Adobe.TelemetryFeatures, NonNullable<Ours.TelemetryEntry['features']>]
  TelemetryRequest: [Adobe.TelemetryRequest, NonNullable<Ours.TelemetryEntry['request']>]
  Trace: [Adobe.Trace, Ours.Trace]
  UnexpectedError: [Adobe.UnexpectedError, Ours.TargetErrorDetails & Error]
  View: [Adobe.View, Ours.View]
  ViewRequest: [Adobe.ViewRequest, Ours.ViewRequest]
  ViewRequestAllOf: [Adobe.ViewRequestAllOf, Ours.ViewRequest]
  VisitorId: [Adobe.VisitorId, Ours.VisitorId]
  Window: [Adobe.Window, NonNullable<Ours.Context['window']>]
}

type Gaps = { [Name in keyof Models]: Missing<Models[Name][0], Models[Name][1], Name> }[keyof Models]
export const everyMemberIsThere: Complete<Gaps> = true

/** Words of Adobe's enums, and the words that stand for them here. */
export interface Words {
  AuthenticatedState: [Adobe.AuthenticatedState, Ours.AuthenticatedState]
  ChannelType: [Adobe.ChannelType, NonNullable<Ours.Context['channel']>]
  DecisioningMethod: [Adobe.DecisioningMethod, Ours.DecisioningMethod]
  DeviceType: [Adobe.DeviceType, NonNullable<Ours.Context['mobilePlatform']>['deviceType']]
  ExecutionMode: [Adobe.ExecutionMode, Ours.TelemetryEntry['mode']]
  LoggingType: [Adobe.LoggingType, Ours.LoggingType]
  MetricType: [Adobe.MetricType, Ours.MetricType]
  MobilePlatformType: [Adobe.MobilePlatformType, NonNullable<Ours.Context['mobilePlatform']>['platformType']]
  OptionType: [Adobe.OptionType, Ours.OptionType]
  ScreenOrientationType: [Adobe.ScreenOrientationType, NonNullable<Ours.Context['screen']>['orientation']]
}

type UnknownWords = { [Name in keyof Words]: Exclude<`${Words[Name][0]}`, Words[Name][1]> }[keyof Words]
export const everyWordIsKnown: Complete<UnknownWords> = true

/** The same walk over models with a member that does not exist, however deep, has to find it. */
interface Tomorrow extends Adobe.DeliveryRequest {
  execute: { mboxes: { brandNew: string; name: string }[] }
  experienceCloud: Adobe.ExperienceCloud & { platform2: { id: string } }
}
type Found = Missing<Tomorrow, Request>
const found: Record<Found, true> = { 'execute.mboxes[].brandNew': true, 'experienceCloud.platform2': true }
// @ts-expect-error a gap is no completeness: the walk can fail
const incomplete: Complete<Found> = true
// @ts-expect-error a word that is not known is found too
const unknownWord: Complete<Exclude<'click' | 'hover', Ours.MetricType>> = true
export const selfTest = { found, incomplete, unknownWord }

// Written by `npm run contract` from the schemas beside it.
import { copied } from './carried.ts'
import {
  bareHost,
  dated,
  either,
  executed,
  joined,
  located,
  mboxParameters,
  numbered,
  prefetched,
  profileParameters,
  shortened,
} from './rules.ts'
import { fields, list, parserOf, written } from './table.ts'
import { country, date, filled, flag, map, mboxName, moment, number, whole } from './tests.ts'

/** Checks a request as the schemas do, and gives it as they do, in fewer bytes. Throws a {@link TargetError} `INVALID_ARGUMENT`. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: it is a table
export const parseRequest = parserOf(() => {
  const analyticsRequest = {
    logging: 'server_side client_side',
    supplementalDataId: Infinity,
    trackingServer: written(Infinity, bareHost),
    trackingServerSecure: written(Infinity, bareHost),
  }
  const audienceManager = {
    locationHint: whole(1),
    blob: filled(1024),
    uuid: Infinity,
    dataPartnerId: Infinity,
    dataPartnerUserId: Infinity,
  }
  const experienceCloud = {
    analytics: analyticsRequest,
    audienceManager,
    platform: { sandboxId: Infinity, sandboxName: Infinity },
  }
  const address = { url: written(Infinity, shortened), referringUrl: written(Infinity, shortened) }
  const parameters = written(map, mboxParameters)
  const order = {
    id: 250,
    total: number(0),
    purchasedProductIds: written(list(filled(250)), joined),
    time: written(date, dated),
    experienceLocalId: whole(0, 2147483647),
    duplicate: flag,
    outlier: flag,
  }
  const product = { id: filled(128), categoryId: filled(256) }
  const requestDetails = { address, parameters, profileParameters: written(map, profileParameters), order, product }
  const mboxRequest = fields({ ...requestDetails, index: whole(0, 2147483647), name: mboxName }, { name: null })
  const mboxes = written(list(mboxRequest, 50), numbered)
  const geo = written(
    {
      ipAddress: Infinity,
      latitude: number(),
      longitude: number(),
      countryCode: country,
      stateCode: 3,
      city: 50,
      zip: 12,
    },
    located,
  )
  const clientHints = {
    mobile: flag,
    model: Infinity,
    platform: Infinity,
    platformVersion: Infinity,
    browserUAWithMajorVersion: Infinity,
    browserUAWithFullVersion: Infinity,
    architecture: Infinity,
    bitness: Infinity,
  }
  const context = fields(
    {
      address,
      browser: { host: Infinity, language: Infinity, webGLRenderer: Infinity },
      screen: {
        width: number(),
        height: number(),
        colorDepth: number(),
        pixelRatio: number(),
        orientation: 'portrait landscape',
      },
      window: { width: number(), height: number() },
      application: { id: 250, name: 250, version: 128 },
      mobilePlatform: fields(
        { deviceName: Infinity, version: 128, platformType: 'android ios', deviceType: 'phone tablet' },
        { platformType: null, deviceType: null },
      ),
      geo,
      timeOffsetInMinutes: number(),
      userAgent: Infinity,
      clientHints,
      beacon: flag,
      crossDomain: 'enabled disabled',
      channel: 'web mobile',
    },
    { channel: 'web' },
  )
  return fields(
    {
      requestId: 128,
      impressionId: 128,
      id: {
        tntId: 128,
        thirdPartyId: 256,
        marketingCloudVisitorId: 128,
        customerIds: list(
          fields(
            {
              type: 'NS DS',
              primary: flag,
              id: 128,
              integrationCode: 50,
              authenticatedState: 'unknown authenticated logged_out',
            },
            { id: null, integrationCode: null, authenticatedState: null },
          ),
          50,
        ),
      },
      environmentId: whole(),
      property: fields({ token: Infinity }, { token: null }),
      trace: fields({ usage: written(map, copied), authorizationToken: Infinity }, { authorizationToken: null }),
      experienceCloud,
      execute: written({ pageLoad: requestDetails, mboxes }, executed),
      prefetch: written(
        { views: list({ ...requestDetails, name: 128, key: 512 }), pageLoad: requestDetails, mboxes },
        prefetched,
      ),
      notifications: list(
        written(
          fields(
            {
              ...requestDetails,
              impressionId: 128,
              tokens: list(Infinity),
              mbox: { name: mboxName, state: Infinity },
              view: { name: 128, key: 512, state: Infinity },
              pageLoad: { state: Infinity },
              id: filled(200),
              type: 'click display',
              timestamp: moment,
            },
            { id: null, type: null, timestamp: null },
          ),
          either,
        ),
      ),
      qaMode: {
        token: Infinity,
        listedActivitiesOnly: flag,
        evaluateAsTrueAudienceIds: list(whole()),
        evaluateAsFalseAudienceIds: list(whole()),
        previewIndexes: list({ activityIndex: whole(1), experienceIndex: whole(1) }),
      },
      preview: { token: Infinity },
      telemetry: { entries: list(written(map, copied)) },
      context,
    },
    { context: {} },
  )
})

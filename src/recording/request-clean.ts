import type { Clean, Cleaner } from './clean.ts'

/** The ids of a visitor, of which only the form stays. */
export const visitorIds = ({ fields, list, secret, device, word, name, plain }: Cleaner): Clean =>
  fields({
    tntId: device,
    thirdPartyId: secret('third-party'),
    marketingCloudVisitorId: secret('ecid'),
    customerIds: list(
      fields({
        id: secret('customer'),
        integrationCode: name,
        authenticatedState: word,
        type: word,
        primary: plain,
      }),
    ),
  })

/** What mboxes, views, the page load and notifications have in common. */
const detailsOf = ({ fields, list, plain, secret, values, page }: Cleaner): Record<string, Clean> => ({
  address: fields({ url: page, referringUrl: page }),
  parameters: values,
  profileParameters: values,
  order: fields({ id: secret('value'), total: plain, purchasedProductIds: list(secret('value')) }),
  product: fields({ id: secret('value'), categoryId: secret('value') }),
})

const notificationOf = (cleaner: Cleaner): Clean => {
  const { fields, list, plain, word, name, secret } = cleaner
  const state = secret('state')
  return fields({
    id: secret('notification'),
    impressionId: secret('impression'),
    type: word,
    timestamp: plain,
    mbox: fields({ name, state }),
    view: fields({ name, key: name, state }),
    pageLoad: fields({ state }),
    tokens: list(secret('token')),
    ...detailsOf(cleaner),
  })
}

const contextOf = ({ fields, page, word, name, plain, secret }: Cleaner): Clean =>
  fields({
    channel: word,
    address: fields({ url: page, referringUrl: page }),
    browser: fields({ host: name }),
    // Where somebody is stays out, and so does what they use.
    geo: fields({ ipAddress: secret('ip') }),
    beacon: plain,
  })

/** What is written of the body of a Delivery API call: the members that are named here, and no others. */
export const requestBody = (cleaner: Cleaner): Clean => {
  const { fields, list, plain, word, name, secret } = cleaner
  const details = detailsOf(cleaner)
  const mboxes = list(fields({ index: plain, name, ...details }))
  const pageLoad = fields(details)
  const views = list(fields({ name, key: name, ...details }))
  return fields({
    requestId: secret('request'),
    impressionId: secret('impression'),
    id: visitorIds(cleaner),
    environmentId: plain,
    property: fields({ token: name }),
    trace: fields({ authorizationToken: secret('authorization') }),
    context: contextOf(cleaner),
    experienceCloud: fields({ analytics: fields({ logging: word, supplementalDataId: secret('sdid') }) }),
    execute: fields({ pageLoad, mboxes }),
    prefetch: fields({ views, pageLoad, mboxes }),
    notifications: list(notificationOf(cleaner)),
    qaMode: fields({
      token: secret('qa-token'),
      listedActivitiesOnly: plain,
      previewIndexes: list(fields({ activityIndex: plain, experienceIndex: plain })),
    }),
    preview: fields({ token: secret('qa-token') }),
  })
}

import { type Clean, type Cleaner, isPlainObject } from './clean.ts'
import { visitorIds } from './request-clean.ts'

/** Response tokens that are about the offer; all others may be about the visitor. */
const OF_THE_OFFER = /^(activity|experience|option|offer|campaign|recipe)\./

const responseTokens =
  ({ free, secret }: Cleaner): Clean =>
  (value) => {
    if (!isPlainObject(value)) return undefined
    const hidden = secret('value')
    const entries = Object.entries(value).map(([name, token]) => {
      if (OF_THE_OFFER.test(name)) return [name, free(token)]
      return [name, Array.isArray(token) ? token.map((item) => hidden(item) ?? null) : hidden(token)]
    })
    return Object.fromEntries(entries)
  }

const containerOf = (cleaner: Cleaner): Record<string, Clean> => {
  const { fields, list, word, free, secret } = cleaner
  const analytics = fields({ payload: fields({ pe: word, tnta: free }) })
  const eventToken = secret('token')
  return {
    options: list(
      fields({ type: word, content: free, eventToken, responseTokens: responseTokens(cleaner), sourceType: word }),
    ),
    metrics: list(fields({ type: word, selector: free, eventToken, analytics })),
    analytics,
    state: secret('state'),
    // A trace tells all about a visitor: that there was one has to do.
    trace: () => ({}),
  }
}

/** What is written of the answer to a Delivery API call: the members that are named here, and no others. */
export const responseBody = (cleaner: Cleaner): Clean => {
  const { fields, list, plain, name, free, secret } = cleaner
  const container = containerOf(cleaner)
  const mboxes = list(fields({ index: plain, name, ...container }))
  const pageLoad = fields(container)
  return fields({
    status: plain,
    requestId: secret('request'),
    client: name,
    id: visitorIds(cleaner),
    edgeHost: name,
    execute: fields({ pageLoad, mboxes }),
    prefetch: fields({
      views: list(fields({ name, key: name, ...container })),
      pageLoad,
      mboxes,
      metrics: container.metrics as Clean,
    }),
    notifications: list(fields({ id: secret('notification'), trace: () => ({}) })),
    telemetryServerToken: secret('token'),
    message: free,
  })
}

/** Rules for devices are for everybody; only their event tokens are not. */
export const rulesBody = ({ free, secret }: Cleaner): Clean => {
  const token = secret('token')
  const clean: Clean = (value) => {
    if (Array.isArray(value)) return value.map(clean)
    if (!isPlainObject(value)) return free(value)
    const entries = Object.entries(value).map(([name, inner]) => [
      name,
      name === 'eventToken' ? token(inner) : clean(inner),
    ])
    return Object.fromEntries(entries)
  }
  return clean
}

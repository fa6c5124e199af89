/** What decides where a request goes. */
export interface Endpoint {
  client: string
  organizationId: string
  /** The whole address, without a query, in place of scheme, host and path. */
  endpoint?: string | undefined
  /** The customer's own host; it always wins unless `overrideMboxEdgeServer` is set. */
  serverDomain?: string | undefined
  overrideMboxEdgeServer?: boolean | undefined
  secure?: boolean | undefined
  tenant?: 'imsOrgId' | 'client' | undefined
  version?: string | undefined
}

/** The edge cluster that a hint names: digits, or nothing, because it becomes part of a host name. */
export const clusterOfHint = (hint: unknown): string | undefined =>
  typeof hint === 'string' && /^\d+$/.test(hint) ? hint : undefined

/** The edge cluster that a host of four labels names: `mboxedge28.tt.omtrdc.net` gives `28`. */
export const clusterOfHost = (host: unknown): string | undefined =>
  typeof host === 'string' ? /^mboxedge(\d+)(\.[^.]+){3}$/.exec(host)?.[1] : undefined

/** The edge cluster inside a `tntId`: `abc.35_0` gives `35`. Digits only, because it becomes part of a host name. */
export const clusterOf = (tntId: string | undefined): string | undefined =>
  /^[^.]*\.(\d+)_[^_.]*$/.exec(tntId ?? '')?.[1]

/** The host that a visitor's requests go to. */
export const hostOf = (endpoint: Endpoint, cluster?: string): string => {
  const { client, serverDomain, overrideMboxEdgeServer } = endpoint
  if (serverDomain && !(overrideMboxEdgeServer && cluster)) return serverDomain
  return `${cluster ? `mboxedge${cluster}` : client}.tt.omtrdc.net`
}

/** The address of a Delivery API call, with exactly one tenant selector. */
export const urlOf = (endpoint: Endpoint, host: string, sessionId: string): string => {
  const { tenant = 'imsOrgId', version, secure } = endpoint
  const id = tenant === 'client' ? endpoint.client : endpoint.organizationId
  const query = Object.entries({ [tenant]: id, sessionId, ...(version && { version }) })
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  const address = endpoint.endpoint || `${secure === false ? 'http' : 'https'}://${host}/rest/v1/delivery`
  return `${address}?${query}`
}

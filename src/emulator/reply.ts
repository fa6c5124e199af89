/** What a route answers: no body goes with 204 and 304, text and bytes go as they are, anything else as JSON. */
export interface Reply {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

/** What is needed of msw's `http`. */
export interface MswHttp<Handler> {
  /** Handles calls by whatever method. */
  all(path: string, resolver: (info: { request: Request }) => Promise<Response>): Handler
}

/** Request handlers for msw that hand every Delivery API call, to whichever host, and every file for devices to an edge. */
export const createHandlers = <Handler>(
  http: MswHttp<Handler>,
  edge: (request: Request) => Promise<Response>,
): Handler[] => {
  const resolver = async ({ request }: { request: Request }): Promise<Response> => {
    try {
      return await edge(request)
    } catch {
      // To msw, a rejection is a defect of the handler; this is how it is told of a broken connection.
      return Response.error()
    }
  }
  const paths = ['*/rest/v1/delivery', '*/rest/v1/delivery/', 'https://assets.adobetarget.com/*']
  return paths.map((path) => http.all(path, resolver))
}

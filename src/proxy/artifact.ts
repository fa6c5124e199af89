import { locationOf } from '../decisioning/location.ts'
import { isTargetError, TargetError } from '../delivery/error.ts'
import { unreachable } from '../transport/edge.ts'
import { withDeadline } from '../transport/timeout.ts'
import type { ProxyOptions } from './options.ts'

/** True for a request of the rules, on a route that serves them. */
export const isArtifact = ({ method }: Request, { pathname }: URL, { artifact }: ProxyOptions): boolean =>
  Boolean(artifact) && method === 'GET' && pathname.endsWith('/rules.json')

/** Headers of the file that are as true here; where the caller is, which the CDN tells too, is not. */
const FILE = ['cache-control', 'content-type', 'etag', 'last-modified']

/** How long the CDN may take to begin, in ms: rules are large, and nobody waits for them. */
const TIMEOUT = 10_000

/** Hands the rules of the account on as they come. Throws a refusal 502 when there are none. */
export const artifactOf = async (request: Request, options: ProxyOptions): Promise<Response> => {
  const { client, artifact, fetchApi = fetch } = options
  const etag = request.headers.get('if-none-match')
  const asked = { ...(etag && { headers: { 'if-none-match': etag } }) }
  const { status, headers, body } = await withDeadline(TIMEOUT, undefined, (signal) =>
    fetchApi(locationOf({ client, ...artifact }), { ...asked, signal }),
  ).catch((error: unknown) => Promise.reject(isTargetError(error) ? error : unreachable(error)))
  if (status !== 200 && status !== 304) {
    const message = `The rules were answered with ${status}: are on-device decisions enabled for this account?`
    throw new TargetError('PARSE_ERROR', message, { status })
  }
  const told = FILE.flatMap((name): [string, string][] => (headers.has(name) ? [[name, `${headers.get(name)}`]] : []))
  // They are the same for everybody, and hold nothing of a visitor.
  return new Response(status === 304 ? null : body, {
    status,
    headers: [...told, ['access-control-allow-origin', '*']],
  })
}

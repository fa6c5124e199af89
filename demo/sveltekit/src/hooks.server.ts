import type { Handle } from '@sveltejs/kit/hooks'
import { target } from './lib/server/target'

/** One visitor per request: cookies in, and whatever answers takes `Set-Cookie` along. */
export const handle: Handle = async ({ event, resolve }) => {
  const visitor = target.visitor(event.request, { url: event.url.href, ipAddress: event.getClientAddress() })
  event.locals.visitor = visitor
  const response = await resolve(event)
  for (const cookie of visitor.setCookies()) response.headers.append('set-cookie', cookie)
  return response
}

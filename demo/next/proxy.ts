import { type NextRequest, NextResponse } from 'next/server'
import { ANSWER, ask, target } from './target'

/** Server components cannot set cookies. So Target is asked here, and the answer goes on to them. */
export const proxy = async (request: NextRequest): Promise<NextResponse> => {
  const headers = new Headers(request.headers)
  headers.delete(ANSWER)
  // Nobody sees what is loaded in advance, so nothing is decided for it.
  if (headers.has('next-router-prefetch')) return NextResponse.next({ request: { headers } })

  const { pathname, search } = request.nextUrl
  const visitor = target.visitor({ headers }, { url: pathname + search })
  const answer = await ask(visitor)
  if (answer) headers.set(ANSWER, encodeURIComponent(JSON.stringify(answer)))
  const response = NextResponse.next({ request: { headers } })
  for (const cookie of visitor.setCookies()) response.headers.append('set-cookie', cookie)
  return response
}

/** The pages that show what Target decides. */
export const config = { matcher: '/' }

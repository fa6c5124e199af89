import { mboxes, TargetClient } from 'isotarget/server'
import { edge } from '../edge.mjs'
import { importMap, page, source, state } from './page.mjs'
import { defaults, home, tasting } from './shop-front.mjs'

/** One client for the whole process. */
const target = TargetClient.create({ client: 'demo', organizationId: 'DEMO@AdobeOrg', fetchApi: edge })
target.on('requestFailed', ({ error }) => console.error('The default content is shown:', error.message))

/** Decides for the visitor of a request: their cookies come in with it, and go out with the response. */
const decide = async (request, response) => {
  const visitor = target.visitor(request)
  const result = await visitor.getOffers({ request: { prefetch: { mboxes: mboxes('hero', 'tasting') } } })
  response.setHeader('set-cookie', visitor.setCookies())
  return result.response.prefetch.mboxes
}

const contentOf = (offers, name) => offers.find((offer) => offer.name === name)?.options?.[0]?.content ?? defaults[name]

const path = '/ssr/'
const activities = '101 102'
const head = (script) => `${importMap}<script type="module" src="/assets/${script}"></script>`

export const ssrHome = async (request, response) => {
  const offers = await decide(request, response).catch(() => [])
  const content = { hero: contentOf(offers, 'hero'), tasting: contentOf(offers, 'tasting') }
  return page({
    title: 'Server-rendered',
    path,
    activities,
    head: head('ssr.js'),
    main: `${home(content)}${state('offers', offers)}
      ${source('The code on the server', 'pages/ssr.mjs')}
      ${source('The code in the browser', 'assets/ssr.js')}`,
  })
}

export const ssrTasting = () =>
  page({
    title: 'The tasting set',
    path,
    activities,
    head: head('ssr-order.js'),
    main: tasting + source('The code of this page', 'assets/ssr-order.js'),
  })

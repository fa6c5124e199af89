import type { Client } from '../client/client.ts'
import type { RequestOptions } from '../client/options.ts'
import type { Result } from '../client/result.ts'
import type { TargetClientStatic } from '../client/target-client.ts'
import { invalid, TargetError } from '../delivery/error.ts'
import type { Given } from '../dom/answer.ts'
import type { Rendered } from '../dom/outcome.ts'
import { prehide, showSnippet } from '../dom/prehide.ts'
import { type RenderOptions, render } from '../dom/render.ts'
import { createViews, type Views } from '../dom/views.ts'
import { followConsent, sourceOf } from './consent.ts'
import { type PageFlags, readFlags } from './flags.ts'
import type { PageSettings } from './settings.ts'
import { visitorOf } from './visitor.ts'

/** A page that asks for its offers by itself. */
export interface Page extends Pick<Views, 'triggerView'> {
  target: Client
  /** Asks Target as the page's visitor: with the ids of the ID service, and with the trace that the address asks for. */
  getOffers(options: RequestOptions): Promise<Result>
  /** Shows what was decided, and reports what was prefetched and is really shown. */
  render(given: Given, options?: RenderOptions): Promise<Rendered>
  /** How everything is shown, unless a call says more. */
  options: RenderOptions
  /** What the page load was answered, before anything of it is shown. */
  answered: Promise<Given>
  /** Resolves with what became of the page load. Rejects with a `TargetError` when it could not be had. */
  loaded: Promise<Rendered>
}

/** What an edition of the script does around what a page does. */
export interface Around {
  /** Around every call for offers. */
  asking?(ask: Page['getOffers']): Page['getOffers']
  /** Around everything that is shown. */
  showing?(show: Page['render']): Page['render']
}

/** The name of the view of an address: its path, or its hash. */
const nameBy =
  (part: 'path' | 'hash') =>
  ({ pathname, hash }: Location): string =>
    (part === 'path' ? pathname : hash).replace(/^[#/]+|\/+$/g, '') || 'home'

/** The error of a page whose address or cookie says `mboxDisable`. */
const disabled = (): TargetError =>
  new TargetError('DISABLED', 'Target is disabled by mboxDisable: remove it from the address or the cookies')

/** Asks as the visitor of the page. */
const createAsking = (
  target: Client,
  settings: PageSettings,
  { isDisabled, authorizationToken, sessionId }: PageFlags,
) => {
  const { organizationId, visitorTimeout = 2000 } = settings
  let visitor: ReturnType<typeof visitorOf> | undefined
  return async (options: RequestOptions): Promise<Result> => {
    if (isDisabled) throw disabled()
    visitor ??= visitorOf(organizationId, visitorTimeout)
    const known = await visitor
    return target.getOffers({
      visitor: known,
      sessionId,
      ...options,
      request: { ...(authorizationToken && { trace: { authorizationToken } }), ...options?.request },
    })
  }
}

/** What the page asks for at once. */
const requestOf = ({
  pageLoad = true,
  views = true,
  mboxes = [],
  parameters,
}: PageSettings): RequestOptions['request'] => {
  const names = Array.isArray(mboxes) ? (mboxes as readonly string[]) : Object.keys(mboxes)
  const details = parameters ? { parameters } : {}
  const isPrefetched = pageLoad === 'prefetch'
  const prefetch = {
    ...(isPrefetched && { pageLoad: details }),
    ...(names.length && { mboxes: names.map((name, index) => ({ name, index, ...details })) }),
    ...(views && { views: [details] }),
  }
  return {
    ...(pageLoad && !isPrefetched && { execute: { pageLoad: details } }),
    ...(Object.keys(prefetch).length && { prefetch }),
  }
}

/** The client of the page, which asks nothing before the visitor agrees. */
const clientOf = (targetClient: TargetClientStatic, settings: PageSettings, { isDebugged }: PageFlags): Client => {
  const { logger = isDebugged ? console : {}, consent } = settings
  // The console is that of whoever looks; a logger of the page's may be anybody's.
  const target = targetClient.create({ logRedaction: Boolean(settings.logger), ...settings, logger })
  followConsent(target, consent)
  return target
}

/** What is said, with what follows from it: whoever waits for somebody's word does not agree yet. */
const settled = (given: PageSettings): PageSettings => {
  const consent = sourceOf(given, given.organizationId)
  const { defaultConsent = 'in', mboxes = [] } = given
  return {
    ...given,
    consent,
    defaultConsent: consent ? 'pending' : defaultConsent,
    mboxes: typeof mboxes === 'string' ? mboxes.split(',').map((name) => name.trim()) : mboxes,
  }
}

/** Settings whose names say the same to whoever renders are passed on. */
const renderOptionsOf = (settings: PageSettings): RenderOptions => {
  const { selectorTimeout: timeout = 5000, mboxes } = settings
  return { ...settings, timeout, mboxes: Array.isArray(mboxes) ? undefined : mboxes } as RenderOptions
}

/** Hides what is to change, unless nobody may ask for what it changes to. */
const hideFor = (settings: PageSettings): (() => void) => {
  const { prehide: what, defaultConsent } = settings
  if (defaultConsent !== 'in') showSnippet()
  else if (what) return prehide(what, settings)
  return showSnippet
}

/** Resolves when something may be rendered. */
const readyOf = ({ renderAfter }: PageSettings): unknown =>
  renderAfter === 'load'
    ? new Promise((done) => (document.readyState === 'complete' ? done(0) : addEventListener('load', done)))
    : renderAfter

/** Shows an answer, and then what was hidden for it; a page that goes elsewhere stays hidden. */
const createShowing =
  (target: Client, options: RenderOptions, show: () => void) =>
  async (given: Given, more?: RenderOptions): Promise<Rendered> => {
    let isLeaving = false
    const rendering = render(given, target, { ...options, ...more })
    const note = ({ redirect }: Rendered): void => {
      isLeaving = Boolean(redirect)
    }
    // Who waits for the rendering hears of its failure.
    rendering.then(note, () => {})
    // Two turns, in which a redirect is told, and nothing is painted.
    await null
    await null
    if (!isLeaving) show()
    return rendering
  }

/** Starts a page: hides what is to be hidden, asks, shows, and shows what was hidden whatever happens. */
export const startPage = (
  targetClient: TargetClientStatic,
  given: PageSettings,
  { asking = (ask) => ask, showing = (shown) => shown }: Around = {},
): Page => {
  const settings = settled(given)
  const { follow, views: hasViews = true } = settings
  const flags = readFlags()
  const target = clientOf(targetClient, settings, flags)
  const options = renderOptionsOf(settings)
  const getOffers = asking(createAsking(target, settings, flags))
  const request = requestOf(settings)
  const offered = target.offered()
  const isAsking = !offered && Object.keys(request).length > 0
  const show = isAsking && !flags.isDisabled ? hideFor(settings) : showSnippet
  // Whoever waits for another attempt sees the page meanwhile; offers that come late are shown without hiding it again.
  target.on('attemptFailed', show)
  const answer: Promise<Given> | Given = isAsking ? getOffers({ request }) : (offered ?? {})
  const asked = Promise.all([answer, readyOf(settings)]).then(([come]) => come)
  const loaded = asked.then(showing(createShowing(target, options, show)))
  // Who wants to know of a failure listens to `loaded`; nobody has to.
  loaded.catch(show)

  const views = createViews(asked, target, options)
  if (follow && hasViews) views.follow(nameBy(follow))
  const triggerView: Page['triggerView'] = async (name, how) => {
    if (flags.isDisabled) throw disabled()
    if (!hasViews) throw invalid('There are no views: set views to true')
    return views.triggerView(name, how)
  }
  // What is rendered beside the page load ends no hide of it.
  const shown = showing(createShowing(target, options, () => {}))
  return { target, getOffers, render: shown, triggerView, options, answered: asked, loaded }
}

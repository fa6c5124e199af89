import type { Action } from '../delivery/action.ts'
import { TargetError } from '../delivery/error.ts'
import { listed } from '../delivery/json-value.ts'
import type { DeliveryResponse } from '../delivery/response.ts'
import { answerOf, type Given, optionsOf, placesOf } from '../dom/answer.ts'
import type { Rendered } from '../dom/outcome.ts'
import { createViews, type TriggerOptions, type Views } from '../dom/views.ts'
import { readFlags } from '../page/flags.ts'
import type { Edition, Start } from '../page/install.ts'
import type { Around, Page } from '../page/page.ts'
import { announce, announceRendered, EVENTS, mboxIn, plain, trackingOf } from './announce.ts'
import { fillFor } from './fill.ts'
import { type GlobalSettings, pageSettingsOf, warn } from './global-settings.ts'
import { createOffers, refused, told } from './offers.ts'
import { createTracking } from './tracking.ts'

declare const __VERSION__: string

/** `adobe.target`, as at.js makes it. */
export interface AdobeTarget extends ReturnType<typeof createOffers>, ReturnType<typeof createTracking> {
  VERSION: string
  event: typeof EVENTS
  /** Starts the page with the settings that stand at the end of an at.js file; those of `targetGlobalSettings` win. */
  init(window: unknown, document: unknown, settings: GlobalSettings): void
  /** Shows what belongs to a view and reports it; `page: false` in the options shows it again without a report. */
  triggerView(name: string, options?: TriggerOptions): Promise<Rendered>
  /** Of at.js 1: does nothing but warn. */
  registerExtension(...parts: unknown[]): void
  /** Of at.js 1: does nothing but warn. Use `getOffers`. */
  mboxCreate(...parts: unknown[]): void
  /** Of at.js 1: does nothing but warn. Use `getOffers`. */
  mboxDefine(...parts: unknown[]): void
  /** Of at.js 1: does nothing but warn. Use `getOffers`. */
  mboxUpdate(...parts: unknown[]): void
}

interface Scope {
  targetGlobalSettings?: GlobalSettings
  adobe?: { target?: AdobeTarget }
  ___target_traces?: { version: string; settings: GlobalSettings; clientTraces: unknown[]; serverTraces: unknown[] }
}

const isRedirect = (response: DeliveryResponse): boolean =>
  placesOf(response)
    .flatMap(optionsOf)
    .some((option) => [option, ...listed<Action>(option.content)].some(({ type }) => type === 'redirect'))

/** What at.js does around the calls and the renderings of a page. */
const aroundOf = (settings: GlobalSettings, onAnswer: (given: Given) => void): Around => {
  const fill = fillFor(settings)
  const keepTrace = (answer: unknown): void => {
    const scope = globalThis as Scope
    scope.___target_traces ??= { version: '1', settings, clientTraces: [], serverTraces: [] }
    scope.___target_traces.serverTraces.push(answer)
  }
  return {
    asking: (ask) => async (given) => {
      const options = await fill(given)
      const about = mboxIn(options.request)
      const { fresh: sessionId } = trackingOf()
      announce(EVENTS.REQUEST_START, about)
      try {
        const result = await ask({ ...(sessionId && { sessionId }), ...options })
        const { response, responseTokens = [], analyticsDetails = [], trace } = result
        if (trace) keepTrace(response)
        const redirect = isRedirect(response)
        announce(EVENTS.REQUEST_SUCCEEDED, { ...about, responseTokens, analyticsDetails, redirect })
        return result
      } catch (error) {
        announce(EVENTS.REQUEST_FAILED, { ...about, error: plain(error) })
        throw error
      }
    },
    showing: (show) => async (given, more) => {
      const answer = answerOf(given)
      onAnswer(given)
      if (!answer.execute && !answer.prefetch) return show(given, more)
      const isAny = placesOf(answer).some((place) => optionsOf(place).length)
      announce(isAny ? EVENTS.CONTENT_RENDERING_START : EVENTS.CONTENT_RENDERING_NO_OFFERS)
      const rendered = await show(given, more)
      announceRendered(rendered, answer.prefetch?.metrics)
      return rendered
    },
  }
}

/** Shows views: those of the page load, or of an answer that the page has applied since. */
const createTriggering = (settings: GlobalSettings, started: PromiseLike<Page>) => {
  let views: Views | undefined
  let taken: Given | undefined
  return {
    take(given: Given) {
      // What the page applies by itself comes without its request.
      const answer = answerOf(given)
      if (answer !== given || !answer.prefetch?.views) return
      taken = given
      views = undefined
    },
    async trigger(name: string, how?: TriggerOptions): Promise<Rendered> {
      if (settings.viewsEnabled === false) throw refused('triggerView: viewsEnabled is false')
      const { target, answered, options } = await started
      views ??= createViews(taken ?? answered, target, options)
      const rendered = await views.triggerView(name, how)
      announceRendered(rendered)
      return rendered
    },
  }
}

/** What stands for every function where Target is disabled: nothing is sent, and each says so. */
const off = (options?: { error?(status: string, error: unknown): void }): Promise<never> => {
  const error = new TargetError('DISABLED', 'Target is disabled by mboxDisable or targetGlobalSettings.enabled')
  options?.error?.('error', error)
  return told(Promise.reject(error))
}

const leftovers = Object.fromEntries(
  ['registerExtension', 'mboxCreate', 'mboxDefine', 'mboxUpdate'].map((name) => [
    name,
    () => warn(`${name} is of at.js 1 and does nothing: use getOffers`),
  ]),
)

/** Makes `adobe.target`, and what a page needs to do as at.js does. Undefined where there is one already. */
export const createEdition = (
  start: Start,
  given?: GlobalSettings,
): (Edition & { target: AdobeTarget }) | undefined => {
  const scope = globalThis as Scope
  if (scope.adobe?.target) {
    warn('adobe.target is on this page already: the second script does nothing')
    return undefined
  }
  const settings: GlobalSettings = { ...given, ...scope.targetGlobalSettings }
  const isOff = settings.enabled === false || readFlags().isDisabled
  let page: Page | undefined
  let onStart: (page: Page) => void
  const started = new Promise<Page>((resolve) => {
    onStart = resolve
  })
  const views = createTriggering(settings, started)
  const withPage = <Value>(work: (page: Page) => Value) => (page ? work(page) : started.then(work))
  const functions = {
    ...createOffers(started, settings),
    ...createTracking(withPage as Parameters<typeof createTracking>[0]),
    triggerView: (name: string, options?: TriggerOptions) => told(views.trigger(name, options)),
  }
  const target = {
    VERSION: isOff ? '' : __VERSION__,
    event: EVENTS,
    ...functions,
    ...(isOff && Object.fromEntries(Object.keys(functions).map((name) => [name, off]))),
    ...leftovers,
    init(_window: unknown, _document: unknown, more: GlobalSettings) {
      if (page || isOff) return
      Object.assign(settings, { ...more, ...settings })
      start(pageSettingsOf(settings))
    },
  } as AdobeTarget
  scope.adobe = Object.assign(scope.adobe ?? {}, { target })
  if (!isOff) announce(EVENTS.LIBRARY_LOADED)
  return {
    target,
    settings(written) {
      if (isOff) return {}
      const all = { ...pageSettingsOf(settings), ...written }
      if (!all.client) warn('no clientCode in targetGlobalSettings: call adobe.target.init')
      return all
    },
    around: aroundOf(settings, views.take),
    onStart(made) {
      page = made
      onStart(made)
      for (const name of [EVENTS.ARTIFACT_DOWNLOAD_SUCCEEDED, EVENTS.ARTIFACT_DOWNLOAD_FAILED])
        made.target.on(name, (event) => announce(name, event))
    },
  }
}

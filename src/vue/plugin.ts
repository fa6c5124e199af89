import { type App, inject, type Plugin } from 'vue'
import type { Client } from '../client/client.ts'
import { TargetError } from '../delivery/error.ts'
import type { Offers, Provided } from '../offers/offers.ts'
import type { ReportMode } from '../offers/presence.ts'
import { offersOf } from '../offers/visitor.ts'

/** What `createTarget` takes. */
export interface TargetOptions extends Provided {
  /**
   * `TargetClient.create(…)` in a browser, and on a server the client of one visitor, `target.visitor(request)`. With any other client of
   * a server, or none, nobody is asked there, and only `state` is rendered.
   */
  client: Client | undefined
  /** When displays are reported, unless a component says otherwise. @default 'mount' */
  report?: ReportMode | undefined
}

const KEY = 'isotarget'

interface Given {
  offers: Offers
  report: ReportMode
}

/**
 * Gives offers to the components of an app. On a server make one for each request, as the app itself.
 *
 * @example
 * createApp(App).use(createTarget({ client: target })).mount('#app')
 */
export const createTarget = ({ client, report = 'mount', ...provided }: TargetOptions): Plugin => ({
  install(app: App): void {
    app.provide(KEY, { offers: offersOf(client, provided), report } satisfies Given)
  },
})

/** The offers of the app. Throws a `TargetError` where there are none. */
export const useProvided = (): Given => {
  const given = inject<Given | undefined>(KEY, undefined)
  if (given) return given
  throw new TargetError(
    'INVALID_ARGUMENT',
    'The app has no offers: give it a plugin, app.use(createTarget({ client }))',
  )
}

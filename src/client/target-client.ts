import { AuthState } from '../delivery/auth-state.ts'
import { invalid } from '../delivery/error.ts'
import { LOCATION_HINT_COOKIE, TARGET_COOKIE } from '../delivery/session.ts'
import { type Client, createClient, type Runtime } from './client.ts'
import { visitorCookieName } from './identity.ts'
import type { ClientOptions } from './options.ts'

/** Makes clients, and names the cookies that a server hands over. */
export interface TargetClientStatic {
  /** Makes a client. Throws a `TargetError` when an option is missing or cannot be. */
  create(options: ClientOptions): Client
  /** Name of the cookie of the Experience Cloud ID service: `AMCV_` and the organization. */
  getVisitorCookieName(organizationId: string): string
  /** `mbox` */
  readonly TargetCookieName: string
  /** `mboxEdgeCluster` */
  readonly TargetLocationHintCookieName: string
  /** `{ UNKNOWN: 0, AUTHENTICATED: 1, LOGGED_OUT: 2 }` */
  readonly AuthState: typeof AuthState
}

/** `TargetClient` for a platform. */
// @__NO_SIDE_EFFECTS__
export const targetClientOn = (runtime: Runtime): TargetClientStatic =>
  Object.assign(
    function TargetClient() {
      throw invalid('Please use TargetClient.create static method instead')
    },
    {
      create: (options: ClientOptions) => createClient(options, runtime),
      getVisitorCookieName: visitorCookieName,
      TargetCookieName: TARGET_COOKIE,
      TargetLocationHintCookieName: LOCATION_HINT_COOKIE,
      AuthState,
    },
  )

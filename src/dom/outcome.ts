import type { Action } from '../delivery/action.ts'
import type { Option } from '../delivery/offer.ts'
import type { Shown } from '../delivery/shown.ts'

/**
 * Why nothing was shown: `missing`, no element in time; `selector`, not one; `type`, one that nobody knows; `content`, not what the
 * type asks for; `element`, one that cannot show it, such as text in an image; `load`, an image or a dynamic offer that did not come;
 * `trusted-types`, the page allows no policy of ours; `redirect`, the page goes elsewhere; `loop`, a redirect to where the visitor
 * comes from; `aborted`, by the signal or the next view; `error`, anything else, in `error`.
 */
export type Reason =
  | 'missing'
  | 'selector'
  | 'type'
  | 'content'
  | 'element'
  | 'load'
  | 'trusted-types'
  | 'redirect'
  | 'loop'
  | 'aborted'
  | 'error'

/** What became of one action, or of an offer that is none. */
export interface ActionOutcome {
  action: Action
  shown: boolean
  /** How many elements show it. */
  elements: number
  reason?: Reason
  error?: unknown
  /** Addresses of its scripts that did not load; the content is shown all the same. */
  failedScripts?: string[]
}

/** What became of one option. */
export interface OptionOutcome {
  option: Option
  /** At least one of its actions is in the page, or it stands for the default content. */
  shown: boolean
  /** Empty for the default content, and for JSON, which is not for the page. */
  actions: ActionOutcome[]
}

/** What became of one place. */
export interface PlaceOutcome {
  kind: 'pageLoad' | 'mbox' | 'view'
  name?: string
  place: Shown
  /** Its displays are reported; what was executed has counted itself. */
  prefetched: boolean
  options: OptionOutcome[]
}

/** What became of an answer. */
export interface Rendered {
  places: PlaceOutcome[]
  /** Where the page goes instead of showing anything. */
  redirect?: string
}

/** A failure that has a name. */
export class Refusal extends Error {
  readonly reason: Reason
  constructor(reason: Reason, cause?: unknown) {
    super(reason, { cause })
    this.reason = reason
  }
}

import {
  type ComponentPublicInstance,
  type ComputedRef,
  computed,
  getCurrentInstance,
  type MaybeRefOrGetter,
  onMounted,
  onServerPrefetch,
  shallowRef,
  toValue,
  watch,
} from 'vue'
import type { OfferDetails } from '../offers/asked.ts'
import type { Entry } from '../offers/entry.ts'
import type { ReportMode } from '../offers/presence.ts'
import type { OfferContent, OfferName } from '../offers/registered.ts'
import type { OfferSnapshot } from '../offers/snapshot.ts'
import { useProvided } from './plugin.ts'
import type { Register } from './register.ts'

/** How an offer is waited for. */
export interface WaitingOptions {
  /** A server waits for the answer before it renders the component. @default false */
  wait?: boolean | undefined
}

/** How an offer is asked for and reported. */
export interface UseOfferOptions extends OfferDetails, WaitingOptions {
  /**
   * When its display is reported: `mount`, with the component; `visible`, when the element with `ref` is seen; `false`, by your own
   * `target.display(mbox)`. @default that of the app
   */
  report?: ReportMode | undefined
}

/** What is known of an offer, and where it is shown. */
export type Offer<Content> = {
  readonly [Name in keyof Omit<OfferSnapshot, 'content'>]: ComputedRef<OfferSnapshot[Name]>
} & {
  readonly content: ComputedRef<Content | undefined>
  /** Bind it to the element that shows the offer, `:ref="ref"`: clicks on that are those on the mbox, and `visible` watches it. */
  readonly ref: (element: Element | ComponentPublicInstance | null) => void
}

/** Whether what is drawn now is, or has to agree with, the HTML of a server. */
const isServers = (): boolean => typeof document === 'undefined' || Boolean(getCurrentInstance()?.vnode.el)

/** What a component asks for. */
type Asked = () => { name: string; options: OfferDetails & WaitingOptions }

/** How it reads what is known. */
interface Reading<Known> {
  /** As a server renders it. */
  rendered(entry: Entry, isWaiting: boolean): Known
  now(entry: Entry): Known
  /** Whether somebody has to be asked. */
  isAsked?(known: Known): boolean
}

/** What is known of an mbox: it begins as a server has rendered it, and is followed as soon as the component is in the page. */
export const useKnown = <Known>(asked: Asked, { rendered, now, isAsked = () => true }: Reading<Known>) => {
  const { offers } = useProvided()
  const isTheirs = isServers()
  const entry = computed(() => offers.entry(asked().name, asked().options))
  const isWaiting = (): boolean => asked().options.wait ?? false
  const known = shallowRef(isTheirs ? rendered(entry.value, isWaiting()) : now(entry.value))
  onServerPrefetch(async () => {
    if (!isWaiting()) return
    await offers.wait(entry.value)
    known.value = rendered(entry.value, true)
  })
  onMounted(() => {
    const follow = (one: Entry, _: unknown, onCleanup: (stop: () => void) => void): void => {
      const update = (): void => {
        known.value = now(one)
      }
      onCleanup(offers.subscribe(update))
      update()
      if (isAsked(known.value)) void offers.ask(one)
    }
    watch(entry, follow, { immediate: true })
  })
  return { offers, entry, known, isServers: isTheirs }
}

/** The snapshot of an offer, and what it is done with as soon as it is drawn. */
export const useSnapshot = (asked: Asked) => {
  const { offers } = useProvided()
  return useKnown<OfferSnapshot>(asked, { rendered: offers.rendered, now: ({ snapshot }) => snapshot })
}

/**
 * The offer of an mbox. All that is asked for in the same turn is asked by one call. Until the answer is there, and when there is none,
 * you show your default content.
 *
 * @example
 * const { content, ref: promo } = useOffer('promo')
 * // <h2 :ref="promo">{{ content?.title ?? 'Summer' }}</h2>
 */
export const useOffer = <Name extends OfferName<Register>>(
  name: MaybeRefOrGetter<Name>,
  options: MaybeRefOrGetter<UseOfferOptions> = {},
): Offer<OfferContent<Register, Name>> => {
  const { report } = useProvided()
  const { offers, entry, known } = useSnapshot(() => ({ name: toValue(name), options: toValue(options) }))
  const element = shallowRef<Element | null>(null)
  const mode = () => toValue(options).report ?? report
  onMounted(() => {
    const show = (_: unknown, __: unknown, onCleanup: (stop: () => void) => void): void =>
      onCleanup(offers.show(entry.value, { report: mode(), element: element.value }))
    watch([entry, known, element, mode], show, { immediate: true, flush: 'post' })
  })
  return {
    status: computed(() => known.value.status),
    content: computed(() => known.value.content as OfferContent<Register, Name> | undefined),
    options: computed(() => known.value.options),
    mbox: computed(() => known.value.mbox),
    error: computed(() => known.value.error),
    ref(given) {
      element.value = given && '$el' in given ? (given.$el as Element) : given
    },
  }
}

import { defineComponent, h, onMounted, type PropType, shallowRef, type VNode, watch } from 'vue'
import type { OfferDetails } from '../offers/asked.ts'
import type { ReportMode } from '../offers/presence.ts'
import type { OfferName } from '../offers/registered.ts'
import { htmlOf, placementOf } from '../offers/snapshot.ts'
import { useProvided } from './plugin.ts'
import type { Register } from './register.ts'
import { useSnapshot } from './use-offer.ts'

const object = <Name extends keyof OfferDetails>() => Object as PropType<NonNullable<OfferDetails[Name]>>

const PROPS = {
  /** Name of the mbox. */
  name: { type: String as unknown as PropType<OfferName<Register>>, required: true },
  /** Name of the element. @default 'div' */
  as: { type: String, default: 'div' },
  /** When its display is reported. @default that of the app */
  report: { type: [String, Boolean] as PropType<ReportMode>, default: undefined },
  /** A server waits for the answer before it renders the component. @default false */
  wait: Boolean,
  parameters: object<'parameters'>(),
  profileParameters: object<'profileParameters'>(),
  order: object<'order'>(),
  product: object<'product'>(),
} as const

/**
 * An element with the offer of an mbox, or with the default content, which is its slot. HTML is rendered by `isotarget/dom`: its scripts
 * run, its display is reported, clicks are counted. Vue does not touch what the offer has put there.
 *
 * @example
 * <Mbox name="hero"><h1>Our summer collection</h1></Mbox>
 */
export const Mbox = /* @__PURE__ */ defineComponent({
  name: 'Mbox',
  props: PROPS,
  setup(props, { slots }) {
    const { report: usual } = useProvided()
    const { offers, entry, known, isServers } = useSnapshot(() => ({ name: props.name, options: props }))
    const element = shallowRef<Element | null>(null)
    const [first, firstKnown] = [entry.value, known.value]
    /** HTML of a server is in the element already, and its scripts have run. */
    const isThere = (): boolean => {
      const isFirst = typeof document === 'undefined' || (entry.value === first && placementOf(firstKnown) === 'inside')
      return isServers && isFirst && htmlOf(known.value) !== undefined
    }
    const present = (_: unknown, __: unknown, onCleanup: (stop: () => void) => void): void => {
      if (!element.value) return
      const appearance = { report: props.report ?? usual, element: element.value }
      onCleanup(offers.present(entry.value, appearance, isThere()))
    }
    onMounted(() => watch([entry, known, element, () => props.report], present, { immediate: true, flush: 'post' }))
    return (): VNode =>
      placementOf(known.value) === 'inside'
        ? h(props.as, { key: entry.value.id, ref: element, ...(isThere() && { innerHTML: htmlOf(known.value) }) })
        : h(props.as, { key: 'default', ref: element }, slots.default?.())
  },
})

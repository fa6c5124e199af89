import {
  createElement,
  type HTMLAttributes,
  type ReactElement,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useState,
  useSyncExternalStore,
} from 'react'
import type { OfferDetails } from '../offers/asked.ts'
import type { Entry } from '../offers/entry.ts'
import type { Offers } from '../offers/offers.ts'
import type { ReportMode } from '../offers/presence.ts'
import type { OfferName } from '../offers/registered.ts'
import { htmlOf, type OfferSnapshot, placementOf } from '../offers/snapshot.ts'
import { useProvided } from './provider.ts'
import type { Register } from './register.ts'
import { useSnapshot, type WaitingOptions } from './use-offer.ts'

/** What `Mbox` takes; all that is not named here goes to its element. */
export interface MboxProps
  extends OfferDetails,
    WaitingOptions,
    Omit<HTMLAttributes<HTMLElement>, 'children' | 'dangerouslySetInnerHTML'> {
  /** Name of the mbox. */
  name: OfferName<Register>
  /** The default content, which is shown until the offer is there, and when there is none. */
  fallback?: ReactNode
  /** Name of the element. @default 'div' */
  as?: string | undefined
  /** When its display is reported. @default that of the provider */
  report?: ReportMode | undefined
}

interface ShownProps {
  offers: Offers
  entry: Entry
  snapshot: OfferSnapshot
  report: ReportMode
  as: string
  attributes: HTMLAttributes<HTMLElement>
}

/** Of effects that change the page; a server has none. */
const useBeforePaint = typeof document === 'undefined' ? useEffect : useLayoutEffect

const never = () => () => {}

/** Whether the HTML comes from a server. */
const useIsServers = (): boolean => {
  const isServers = useSyncExternalStore(
    never,
    () => false,
    () => true,
  )
  return useState(isServers)[0]
}

/** An element that is nobody's. HTML of a server is in it already, and its scripts have run; else the offer is rendered into it. */
const Filled = ({ offers, entry, report, as, attributes, html }: ShownProps & { html: string | undefined }) => {
  const isThere = useIsServers() && html !== undefined
  const [element, ref] = useState<Element | null>(null)
  useBeforePaint(
    () => (element ? offers.present(entry, { report, element }, isThere) : undefined),
    [offers, entry, report, element, isThere],
  )
  const given = isThere && { dangerouslySetInnerHTML: { __html: html }, suppressHydrationWarning: true }
  return createElement(as, { ...attributes, ...given, ref })
}

/** The default content, and offers that change it where it stands. */
const Default = ({
  offers,
  entry,
  snapshot,
  report,
  as,
  attributes,
  fallback,
}: ShownProps & { fallback: ReactNode }) => {
  const [element, ref] = useState<Element | null>(null)
  useBeforePaint(
    () => (element ? offers.present(entry, { report, element }, false) : undefined),
    [offers, entry, snapshot, report, element],
  )
  return createElement(as, { ...attributes, ref }, fallback)
}

/**
 * An element with the offer of an mbox, or with the default content. HTML is rendered by `isotarget/dom`: its scripts run, its display is
 * reported, clicks are counted. No framework owns what the offer has put there.
 *
 * @example
 * <Mbox name="hero" fallback={<h1>Our summer collection</h1>} />
 */
export const Mbox = (props: MboxProps): ReactElement => {
  const { report: usual } = useProvided()
  const { name, fallback, as = 'div', report = usual, suspense, throwOnError, ...rest } = props
  const { parameters, profileParameters, order, product, ...attributes } = rest
  const options = { parameters, profileParameters, order, product, suspense, throwOnError }
  const { offers, entry, snapshot } = useSnapshot(name, options)
  const shown = { offers, entry, snapshot, report, as, attributes }
  return placementOf(snapshot) === 'inside'
    ? createElement(Filled, { key: entry.id, ...shown, html: htmlOf(snapshot) })
    : createElement(Default, { ...shown, fallback })
}

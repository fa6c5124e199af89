import { createContext, createElement, type ReactElement, type ReactNode, useContext, useEffect, useMemo } from 'react'
import type { Client } from '../client/client.ts'
import { TargetError } from '../delivery/error.ts'
import type { Offers, Provided } from '../offers/offers.ts'
import type { ReportMode } from '../offers/presence.ts'
import { offersOf } from '../offers/visitor.ts'

/** What `TargetProvider` takes. */
export interface TargetProviderProps extends Provided {
  /**
   * `TargetClient.create(…)` in a browser, and on a server the client of one visitor, `target.visitor(request)`. With any other client of
   * a server, or none, nobody is asked there, and only `state` is rendered.
   */
  client: Client | undefined
  /** When displays are reported, unless a component says otherwise. @default 'mount' */
  report?: ReportMode | undefined
  children?: ReactNode
}

const TargetContext = createContext<{ offers: Offers; report: ReportMode } | undefined>(undefined)

/** Gives offers to the components in it. */
export const TargetProvider = (props: TargetProviderProps): ReactElement => {
  const { client, state, mboxes, report = 'mount', children } = props
  const offers = useMemo(() => offersOf(client, { state, mboxes }), [client])
  // What is provided later is added to what is there.
  offers.provide({ state, mboxes })
  const value = useMemo(() => ({ offers, report }), [offers, report])
  useEffect(() => offers.start())
  return createElement(TargetContext.Provider, { value }, children)
}

/** The offers of the provider. Throws a `TargetError` outside of one. */
export const useProvided = (): { offers: Offers; report: ReportMode } => {
  const provided = useContext(TargetContext)
  if (provided) return provided
  throw new TargetError('INVALID_ARGUMENT', 'There is no TargetProvider around this component: put one around your app')
}

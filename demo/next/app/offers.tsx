'use client'

import { type Client, type ClientOptions, TargetClient } from 'isotarget'
import { Mbox, type OffersState, TargetProvider, useAttribute, useOffer } from 'isotarget/react'
import { type ReactNode, useEffect, useState } from 'react'
import { euros } from '../../assets/catalog.js'
import { tell } from '../../assets/told.js'

let made: Client | undefined

/** One client for the page. The cookies that the proxy has set make it the same visitor. */
const targetOf = (account: ClientOptions): Client => {
  made ??= TargetClient.create({ ...account, timeout: 500 })
  return made
}

interface OffersProps {
  account: ClientOptions
  state: OffersState | undefined
  children: ReactNode
}

/** Gives the components in it what the server was answered, and asks for the rest. */
export const Offers = ({ account, state, children }: OffersProps) => (
  <TargetProvider client={targetOf(account)} state={state}>
    {children}
    <Told target={targetOf(account)} />
  </TargetProvider>
)

/** Decided on the server: a flag. */
export const Delivery = () => {
  const freeFrom = useAttribute('delivery', 'freeFrom', 40)
  return (
    <p className="note">{freeFrom ? `Free delivery from ${euros(freeFrom)}` : 'Free delivery, whatever you order'}</p>
  )
}

/** Decided on the server: HTML. */
export const Hero = ({ fallback }: { fallback: string }) => (
  <Mbox name="hero" data-mbox="hero" fallback={<div dangerouslySetInnerHTML={{ __html: fallback }} />} />
)

/** Decided in the page, which hides it until then. */
export const Tasting = ({ children }: { children: ReactNode }) => {
  const { status } = useOffer('tasting', { report: false })
  const className = status === 'pending' ? 'strip waits' : 'strip'
  return <Mbox name="tasting" as="section" data-mbox="tasting" className={className} fallback={children} />
}

/** What Target has acknowledged. */
const Told = ({ target }: { target: Client }) => {
  const [line, setLine] = useState('nothing yet')
  useEffect(() => tell(target, setLine), [target])
  return (
    <p className="told">
      Decided on the server: hero, delivery. Acknowledged by Target: <b role="status">{line}</b>
    </p>
  )
}

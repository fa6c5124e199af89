'use client'

import { type Client, type ClientOptions, mboxes, type PrefetchMboxResponse, TargetClient } from 'isotarget/browser'
import { type MouseEvent, type ReactNode, useEffect, useState } from 'react'
import { tell } from '../../assets/told.js'

interface Props {
  account: ClientOptions
}

let made: Client | undefined

/** One client for the page. The cookies that the server has set make it the same visitor. */
const targetOf = (account: ClientOptions): Client => {
  made ??= TargetClient.create({ ...account, timeout: 500 })
  return made
}

/** What was reported already: effects run twice in strict mode. */
const reported = new WeakSet<PrefetchMboxResponse>()

const report = (target: Client, mbox: PrefetchMboxResponse): void => {
  if (reported.has(mbox)) return
  reported.add(mbox)
  target.display(mbox)
}

const isLink = ({ target }: MouseEvent): boolean => target instanceof Element && target.closest('a') !== null

/** Shows what was decided on the server, and reports it from the page: displays and clicks. */
export const Offer = ({ account, mbox, children }: Props & { mbox?: PrefetchMboxResponse; children: ReactNode }) => {
  useEffect(() => {
    if (mbox) report(targetOf(account), mbox)
  }, [account, mbox])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: it hears of the links inside.
    <div onClick={(event) => mbox && isLink(event) && targetOf(account).click(mbox)}>{children}</div>
  )
}

/** Decided in the page. */
export const Tasting = ({ account, fallback }: Props & { fallback: string }) => {
  const [waits, setWaits] = useState(true)
  const [mbox, setMbox] = useState<PrefetchMboxResponse>()
  useEffect(() => {
    const gone = new AbortController()
    targetOf(account)
      .getOffers({ request: { prefetch: { mboxes: mboxes('tasting') } }, signal: gone.signal })
      .then(({ response }) => setMbox(response.prefetch?.mboxes?.[0]))
      .catch((error) => console.info('The default content stays:', error.message))
      .finally(() => setWaits(gone.signal.aborted))
    return () => gone.abort()
  }, [account])
  return (
    <Offer account={account} mbox={mbox}>
      <section
        className={waits ? 'strip waits' : 'strip'}
        data-mbox="tasting"
        dangerouslySetInnerHTML={{ __html: `${mbox?.options?.[0]?.content ?? fallback}` }}
      />
    </Offer>
  )
}

/** What Target has acknowledged. */
export const Told = ({ account }: Props) => {
  const [line, setLine] = useState('nothing yet')
  useEffect(() => tell(targetOf(account), setLine), [account])
  return (
    <p className="told">
      Decided on the server: hero, delivery. Acknowledged by Target: <b role="status">{line}</b>
    </p>
  )
}

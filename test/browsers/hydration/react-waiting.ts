import { Component, createElement as h, type ReactElement, type ReactNode, Suspense } from 'react'
import { Mbox, TargetProvider, useOffer } from '../../../src/react.ts'
import type { Client } from '../../../src/server.ts'

class Boundary extends Component<{ children: ReactNode }, { code?: string }> {
  override state: { code?: string } = {}
  static getDerivedStateFromError = ({ code }: { code: string }) => ({ code })
  override render(): ReactNode {
    return this.state.code ? h('b', { id: 'error' }, this.state.code) : this.props.children
  }
}

const Offer = ({ name }: { name: string }) => {
  const { content, ref } = useOffer(name, { suspense: true, throwOnError: true })
  return h('p', { id: name, ref }, `${(content as { title?: string } | undefined)?.title ?? 'none'}`)
}

/** Three that wait in one boundary, in a provider that waits with them. */
export const Waiting = ({ client, mboxes }: { client: Client; mboxes: string[] }): ReactElement =>
  h(
    Boundary,
    null,
    h(
      Suspense,
      { fallback: h('s', null, '…') },
      h(
        TargetProvider,
        { client, mboxes },
        h(Offer, { name: 'promo' }),
        h(Offer, { name: 'other' }),
        h(Mbox, { name: 'hero', id: 'hero', suspense: true }),
      ),
    ),
  )

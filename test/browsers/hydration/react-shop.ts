import { createElement as h, type ReactElement } from 'react'
import type { ShopProps } from './shop-props.ts'

const mboxOf = ({ kind, hero }: ShopProps): Record<string, unknown> =>
  ({
    text: { children: hero },
    html: { dangerouslySetInnerHTML: { __html: hero } },
    lenient: { dangerouslySetInnerHTML: { __html: hero }, suppressHydrationWarning: true },
  })[kind]

/** A page in React: a headline, an mbox and a list. */
export const Shop = (props: ShopProps): ReactElement =>
  h(
    'main',
    null,
    h('h1', props.kind === 'lenient' ? { suppressHydrationWarning: true } : null, props.headline),
    h('div', { key: props.round, 'data-mbox': 'hero', ...mboxOf(props) }),
    h(
      'ul',
      null,
      props.items.map((item) => h('li', { key: item }, item)),
    ),
  )

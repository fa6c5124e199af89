import { type FunctionalComponent, h } from 'vue'
import type { ShopProps } from './shop-props.ts'

const mboxOf = ({ kind, hero, round }: ShopProps) => {
  const attributes = { key: round, 'data-mbox': 'hero' }
  return kind === 'text' ? h('div', attributes, hero) : h('div', { ...attributes, innerHTML: hero })
}

/** A page in Vue: a headline, an mbox and a list. `innerHTML` is what `v-html` compiles to. */
export const Shop: FunctionalComponent<ShopProps> = (props) =>
  h('main', [
    h('h1', props.headline),
    mboxOf(props),
    h(
      'ul',
      props.items.map((item) => h('li', { key: item }, item)),
    ),
  ])
Shop.props = ['headline', 'items', 'hero', 'kind', 'round']

import type { Client } from 'isotarget/server'
import { renderToString } from 'vue/server-renderer'
import { createShop, type ShopProps } from './shop.ts'

export const render = (props: ShopProps, visitor?: Client): Promise<string> =>
  renderToString(createShop(props, visitor))

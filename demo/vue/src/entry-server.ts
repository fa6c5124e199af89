import { renderToString } from 'vue/server-renderer'
import { createShop, type ShopProps } from './shop.ts'

export const render = (props: ShopProps): Promise<string> => renderToString(createShop(props))

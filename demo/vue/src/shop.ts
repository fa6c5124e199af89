import type { ClientOptions, PrefetchMboxResponse } from 'isotarget/browser'
import { type Component, createSSRApp } from 'vue'
import Home from './home.vue'
import Tasting from './tasting.vue'
import Thanks from './thanks.vue'

/** What a page is rendered with, on the server and in the browser. */
export type ShopProps =
  | { page: 'home'; account: ClientOptions; offers: PrefetchMboxResponse[]; freeFrom: number }
  | { page: 'tasting' }
  | { page: 'thanks' }

const pages: Record<ShopProps['page'], Component> = { home: Home, tasting: Tasting, thanks: Thanks }

/** The same app on both sides. */
export const createShop = ({ page, ...props }: ShopProps) => createSSRApp(pages[page], props)

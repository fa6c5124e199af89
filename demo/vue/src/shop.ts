import type { ClientOptions, PrefetchMboxResponse } from 'isotarget/browser'
import { createSSRApp, type Component } from 'vue'
import Home from './home.vue'
import Tasting from './tasting.vue'
import Thanks from './thanks.vue'

/** What the home page is rendered with, on the server and in the page. */
export interface HomeProps {
  account: ClientOptions
  offers: PrefetchMboxResponse[]
  freeFrom: number
}

export type ShopProps = ({ page: 'home' } & HomeProps) | { page: 'tasting' } | { page: 'thanks' }

const pages: Record<ShopProps['page'], Component> = { home: Home, tasting: Tasting, thanks: Thanks }

/** The same app on both sides. */
export const createShop = ({ page, ...props }: ShopProps) => createSSRApp(pages[page], props)

import type { Client } from 'isotarget/browser'
import { type Component, createSSRApp } from 'vue'
import Home from './home.vue'
import { TARGET } from './offers.ts'
import Tasting from './tasting.vue'
import Thanks from './thanks.vue'

/** What a page is rendered with, on the server and in the browser. */
export type ShopProps = { page: 'home'; freeFrom: number } | { page: 'tasting' } | { page: 'thanks' }

const pages: Record<ShopProps['page'], Component> = { home: Home, tasting: Tasting, thanks: Thanks }

/** The same app on both sides: with the visitor of the request on the server, with the page's client in the browser. */
export const createShop = ({ page, ...props }: ShopProps, target: Client | undefined) =>
  createSSRApp(pages[page], props).provide(TARGET, target)

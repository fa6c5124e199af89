import { code, page, source } from './page.mjs'
import { defaults, home, tasting } from './shop-front.mjs'

/** The whole of what a page author writes. Displays and clicks are reported by themselves. */
const tag = (more) => `<script
  src="/dist/isotarget.global.js"
  data-client="demo"
  data-organization-id="DEMO@AdobeOrg"
  ${more}
></script>`
const shop = tag(`data-mboxes="hero,tasting"
  data-prehide=".offer"
  data-timeout="500"`)
/** Asks for nothing, and reports the order. */
const order = tag(`data-page-load="false"
  data-views="false"`)

const settings = '<script src="/assets/script-tag.js"></script>'
const path = '/script-tag/'
const activities = '101 102'
const file = 'demo/pages/script-tag.mjs'

export const scriptTagHome = () =>
  page({
    title: 'Script tag',
    path,
    activities,
    head: settings + shop,
    main: home(defaults) + code('The code of this page', file, shop),
  })

export const scriptTagTasting = () =>
  page({
    title: 'The tasting set',
    path,
    activities,
    head: `${settings + order}<script src="/assets/script-tag-order.js" defer></script>`,
    main:
      tasting +
      code('The code of this page', file, order) +
      source('and what a click does', 'assets/script-tag-order.js'),
  })

import { page, source } from './page.mjs'
import { defaults, home, tasting } from './shop-front.mjs'

const head = (script) => `<script src="/dist/isotarget.global.js"></script>
<script src="/assets/${script}" defer></script>`

const path = '/script-tag/'
const activities = '101 102'

export const scriptTagHome = () =>
  page({
    title: 'Script tag',
    path,
    activities,
    head: head('script-tag.js'),
    main: home(defaults, 'waits') + source('The code of this page', 'assets/script-tag.js'),
  })

export const scriptTagTasting = () =>
  page({
    title: 'The tasting set',
    path,
    activities,
    head: head('script-tag-order.js'),
    main: tasting + source('The code of this page', 'assets/script-tag-order.js'),
  })

import { importMap, page, source } from './page.mjs'

export const app = () =>
  page({
    title: 'Single-page app',
    path: '/spa/',
    activities: '103 104 105 106',
    head: `${importMap}<script type="module" src="/assets/spa.js"></script>`,
    main: `<div id="app"></div>${source('The code of this page', 'assets/spa.js')}`,
  })

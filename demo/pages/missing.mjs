import { page } from './page.mjs'

export const missing = () =>
  page({
    title: 'Not found',
    path: '',
    main: `<section class="plain"><h1>No tea here.</h1><p>There is no page at this address.</p><a class="button" href="/">To the start</a></section>`,
  })

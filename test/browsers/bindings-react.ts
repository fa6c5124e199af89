import { createElement } from 'react'
import { offersState } from '../../src/react.ts'
import { stream } from '../react/shop.ts'
import type { Binding } from './bindings-shop.ts'
import { Page } from './hydration/react-parts.ts'

export const react: Binding = {
  name: 'React',
  toHtml: async (page, client) => (await stream(createElement(Page, { client, ...page }))).html,
  offersState,
  client: `
    import { createElement as h, StrictMode, useEffect } from 'react'
    import { createRoot, hydrateRoot } from 'react-dom/client'
    import { TargetClient } from '../../src/browser.ts'
    import { Page } from './hydration/react-parts.ts'
    globalThis.target = TargetClient.create(options)
    const Told = ({ done, page }) => {
      useEffect(done)
      return h(StrictMode, null, h(Page, { client: target, ...page }))
    }
    globalThis.start = async (page, isHydrating) => {
      const element = document.querySelector('#root')
      let root
      await new Promise((done) => {
        if (isHydrating) root = hydrateRoot(element, h(Told, { page, done }))
        else (root = createRoot(element)).render(h(Told, { page, done }))
      })
      return (page) => new Promise((done) => root.render(h(Told, { page, done })))
    }`,
}

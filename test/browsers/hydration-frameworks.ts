/** A framework as these tests use it, in code that is bundled. */
export interface Framework {
  name: 'React' | 'Vue' | 'Svelte'
  /** Exports `toHtml`. */
  server: string
  /** Defines the global `hydrate`, which resolves with the way to draw again when the HTML of the server is taken over. */
  client: string
  /** What it says when it finds something else than its own text. */
  complaint: RegExp
  /** What it takes as it is where the documentation is followed: action on the headline, and its HTML afterwards. */
  silent: readonly (readonly [name: string, action: object, html: string])[]
  handovers: readonly Handover[]
}

/** Who reports in the page what a server has decided. */
type Handover = 'display' | 'render' | 'serverState'

const STYLE = ['setStyle', { type: 'setStyle', selector: 'h1', content: { color: 'red' } }] as const
const TEXT = ['setText', { type: 'setText', selector: 'h1', content: 'Summer' }] as const
const ATTRIBUTE = ['setAttribute', { type: 'setAttribute', selector: 'h1', content: { title: 'Sun' } }] as const
const KEPT = [
  [...STYLE, '<h1 style="color: red;">Shop</h1>'],
  [...ATTRIBUTE, '<h1 title="Sun">Shop</h1>'],
] as const

export const react: Framework = {
  name: 'React',
  server: `
    import { createElement } from 'react'
    import { renderToString } from 'react-dom/server'
    import { Shop } from './hydration/react-shop.ts'
    export const toHtml = (props) => renderToString(createElement(Shop, props))`,
  complaint: /^uncaught: .*Hydration failed because the server rendered text didn't match/,
  // By suppressHydrationWarning.
  silent: [...KEPT, [...TEXT, '<h1>Summer</h1>']],
  handovers: ['display', 'render', 'serverState'],
  client: `
    import { createElement, StrictMode, useEffect } from 'react'
    import { hydrateRoot } from 'react-dom/client'
    import { Shop } from './hydration/react-shop.ts'
    const Told = ({ done, ...props }) => {
      useEffect(done)
      return createElement(StrictMode, null, createElement(Shop, props))
    }
    globalThis.hydrate = async (props) => {
      let root
      await new Promise((done) => {
        root = hydrateRoot(document.querySelector('#root'), createElement(Told, { ...props, done }))
      })
      return (next) => new Promise((done) => root.render(createElement(Told, { ...next, done })))
    }`,
}

export const vue: Framework = {
  name: 'Vue',
  server: `
    import { createSSRApp } from 'vue'
    import { renderToString } from 'vue/server-renderer'
    import { Shop } from './hydration/vue-shop.ts'
    export const toHtml = (props) => renderToString(createSSRApp(Shop, props))`,
  complaint: /^warn: \[Vue warn\]: Hydration text content mismatch/,
  silent: KEPT,
  handovers: ['display', 'render', 'serverState'],
  client: `
    import { createSSRApp, h, nextTick, shallowReactive } from 'vue'
    import { Shop } from './hydration/vue-shop.ts'
    globalThis.hydrate = async (given) => {
      const props = shallowReactive(given)
      createSSRApp({ render: () => h(Shop, props) }).mount('#root')
      await nextTick()
      return (next) => nextTick(Object.assign(props, next) && undefined)
    }`,
}

export const svelte: Framework = {
  name: 'Svelte',
  server: `
    import { render } from 'svelte/server'
    import Shop from './hydration/svelte-shop.svelte'
    export const toHtml = (props) => render(Shop, { props }).body`,
  complaint: /^warn: .*hydration_mismatch/,
  // It puts its own text back without a word.
  silent: [...KEPT, [...TEXT, '<h1>Shop</h1>']],
  // Before hydration it needs the comments that it has put around {@html}.
  handovers: ['display', 'render'],
  client: `
    import { flushSync, hydrate } from 'svelte'
    import { propsOf } from './hydration/svelte-props.svelte.js'
    import Shop from './hydration/svelte-shop.svelte'
    globalThis.hydrate = async (given) => {
      const props = propsOf(given)
      hydrate(Shop, { target: document.querySelector('#root'), props })
      flushSync()
      return (next) => {
        Object.assign(props, next)
        flushSync()
      }
    }`,
}

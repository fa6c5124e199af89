import { renderToString } from 'vue/server-renderer'
import { offersState } from '../../src/vue.ts'
import type { Binding } from './bindings-shop.ts'
import { appOf } from './hydration/vue-parts.ts'

export const vue: Binding = {
  name: 'Vue',
  toHtml: (page, client) => renderToString(appOf(page, client, true).app),
  offersState,
  client: `
    import { nextTick } from 'vue'
    import { TargetClient } from '../../src/browser.ts'
    import { appOf } from './hydration/vue-parts.ts'
    globalThis.target = TargetClient.create(options)
    globalThis.start = async (page, isHydrating) => {
      const { app, draw } = appOf(page, target, isHydrating)
      app.mount('#root')
      await nextTick()
      return (next) => nextTick(draw(next) && undefined)
    }`,
}

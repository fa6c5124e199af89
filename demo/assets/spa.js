import { TargetClient } from 'isotarget'
import { createViews } from 'isotarget/dom'
import { createBasket } from './basket.js'
import { viewOf } from './views.js'

const target = TargetClient.create({
  client: 'demo',
  organizationId: 'DEMO@AdobeOrg',
  serverDomain: location.host,
  secure: false,
})
demo.watch(target) // for the panel on the right

// One call: a flag, and the offers of every view.
const answer = await target
  .getAttributes(['delivery'], { request: { prefetch: { views: [{}] } }, timeout: 500 })
  .catch((error) => console.warn('The default content stays:', error.message))
const freeFrom = answer?.getValue('delivery', 'freeFrom', 40) ?? 40
const views = createViews(answer?.getResponse() ?? {}, target)

const app = document.querySelector('#app')
const basket = createBasket(freeFrom)

const show = () => {
  const { name, title, html } = viewOf(location.pathname, basket)
  document.title = `${title} · Larkmoor Tea`
  app.innerHTML = html
  views.triggerView(name) // shows its offers, and reports the display and the clicks
}

const go = (path) => {
  history.pushState({}, '', path)
  show()
  scrollTo(0, 0)
  app.querySelector('h1').focus({ preventScroll: true })
}

const place = (order) => {
  target.track('order-confirmed', { order })
  basket.clear()
  go('/spa/thanks')
}

app.addEventListener('click', (event) => {
  const { route, add, order } = event.target.closest('[data-route], [data-add], [data-order]')?.dataset ?? {}
  if (add !== undefined) basket.add(add)
  if (order !== undefined) place(basket.order())
  const path = route ?? (add === undefined ? undefined : '/spa/checkout')
  if (path === undefined || event.metaKey || event.ctrlKey) return
  event.preventDefault()
  go(path)
})
addEventListener('popstate', show)
show()

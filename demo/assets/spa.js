import { TargetClient } from 'isotarget'
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
const offers = answer?.getResponse().response.prefetch.views ?? []

const app = document.querySelector('#app')
const basket = createBasket(freeFrom)

/** What an offer for a view may do to it. */
const actions = {
  setHtml: (element, content) => {
    element.innerHTML = content
  },
  setText: (element, content) => {
    element.textContent = content
  },
}

const apply = ({ options = [] }) => {
  for (const { type, selector, content } of options.flatMap((option) => option.content ?? [])) {
    for (const element of app.querySelectorAll(selector)) actions[type]?.(element, content)
  }
}

const reportClicks = (view) => {
  for (const metric of view.metrics ?? []) {
    for (const element of app.querySelectorAll(metric.selector)) {
      element.addEventListener('click', () => target.click(view, { metrics: [metric] }))
    }
  }
}

const show = () => {
  const { name, title, html } = viewOf(location.pathname, basket)
  document.title = `${title} · Larkmoor Tea`
  app.innerHTML = html
  const view = offers.find((offer) => offer.name === name)
  if (!view) return
  apply(view)
  target.display(view)
  reportClicks(view)
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

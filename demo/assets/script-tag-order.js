const target = isotarget.TargetClient.create({
  client: 'demo',
  organizationId: 'DEMO@AdobeOrg',
  serverDomain: location.host,
  secure: false,
})
demo.watch(target) // for the panel on the right

document.querySelector('#buy').addEventListener('click', () => {
  const order = { id: crypto.randomUUID(), total: 24, purchasedProductIds: ['tasting-set'] }
  target.track('order-confirmed', { order })
  document.querySelector('#thanks').textContent = `Thank you. Order ${order.id.slice(0, 8)} is being packed.`
})

document.querySelector('#buy').addEventListener('click', () => {
  const order = { id: crypto.randomUUID(), total: 24, purchasedProductIds: ['tasting-set'] }
  isotarget('track', 'order-confirmed', { order })
  document.querySelector('#thanks').textContent = `Thank you. Order ${order.id.slice(0, 8)} is being packed.`
})

import { teaOf } from './catalog.js'

const DELIVERY = 5

/** What the visitor is about to buy. Delivery costs nothing from a sum on, which Target decides by a flag. */
export const createBasket = (freeFrom) => {
  let teas = []
  const sum = () => teas.reduce((total, { price }) => total + price, 0)
  const delivery = () => (sum() >= freeFrom ? 0 : DELIVERY)
  return {
    freeFrom,
    teas: () => teas,
    delivery,
    total: () => sum() + delivery(),
    add: (id) => teas.push(teaOf(id)),
    clear: () => {
      teas = []
    },
    order: () => ({
      id: crypto.randomUUID(),
      total: sum() + delivery(),
      purchasedProductIds: [...new Set(teas.map(({ id }) => id))],
    }),
  }
}

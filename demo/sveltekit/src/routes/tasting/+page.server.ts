import { randomUUID } from 'node:crypto'
import { type Actions, redirect } from '@sveltejs/kit'

export const actions: Actions = {
  default: ({ locals }) => {
    const order = { id: randomUUID(), total: 24, purchasedProductIds: ['tasting-set'] }
    locals.visitor.track('order-confirmed', { order }) // sent in the background
    redirect(303, '/thanks')
  },
}

'use server'

import { randomUUID } from 'node:crypto'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { after } from 'next/server'
import { target } from '../../target'

export const order = async (): Promise<void> => {
  const visitor = target.visitor({ headers: await headers() }, { url: '/tasting' })
  visitor.track('order-confirmed', { order: { id: randomUUID(), total: 24, purchasedProductIds: ['tasting-set'] } })
  after(() => target.flush()) // what is queued is sent after the answer
  redirect('/thanks')
}

import { mboxes } from 'isotarget/server'
import { account } from '../lib/server/target'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, setHeaders }) => {
  const answer = await locals.visitor
    .getAttributes(['delivery'], { request: { prefetch: { mboxes: mboxes('hero', 'delivery') } } })
    .catch(() => undefined)
  setHeaders({ 'cache-control': 'private, no-cache' }) // this page is for one visitor
  return {
    account,
    offers: answer?.getResponse().response.prefetch?.mboxes ?? [],
    freeFrom: answer?.getValue('delivery', 'freeFrom', 40) ?? 40,
  }
}

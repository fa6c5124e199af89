import { mboxes } from 'isotarget/server'
import { account } from '../lib/server/target'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  const flags = await locals.visitor
    .getAttributes(['delivery'], { request: { prefetch: { mboxes: mboxes('hero', 'delivery') } } })
    .catch(() => undefined)
  return {
    account,
    offers: flags?.getResponse().response.prefetch?.mboxes ?? [],
    freeFrom: flags?.getValue('delivery', 'freeFrom', 40) ?? 40,
  }
}

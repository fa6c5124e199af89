import type { DeliveryRequest } from '../delivery/request.ts'

const SDID = /^[\da-f]{16}-[\da-f]{16}$/i

/** What works on the wire, but most likely not as meant; one sentence each. */
export const adviceOf = (
  { id, context, experienceCloud, execute, prefetch }: DeliveryRequest,
  ip?: string,
): string[] => {
  const sdid = experienceCloud?.analytics?.supplementalDataId
  const advice: string[] = []
  if (id?.customerIds?.length && !id.marketingCloudVisitorId) advice.push('customerIds need a marketingCloudVisitorId')
  if (sdid && !SDID.test(sdid)) advice.push('supplementalDataId should be 16 hex digits, a dash and 16 hex digits')
  if (ip && !context.geo?.ipAddress) advice.push(`context.geo.ipAddress ${ip} is no IP address and was left out`)
  const { mboxes = [], views = [], pageLoad } = prefetch ?? {}
  const items = [execute?.pageLoad, pageLoad, ...(execute?.mboxes ?? []), ...mboxes, ...views]
  for (const item of items) {
    if (Object.keys(item?.parameters ?? {}).length > 50) advice.push('more than 50 mbox parameters may be refused')
    if (Object.values(item?.profileParameters ?? {}).some((value) => value.length > 256)) {
      advice.push('a profile parameter of more than 256 characters may be cut')
    }
  }
  return advice
}

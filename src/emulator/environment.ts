import type { DeliveryRequest } from '../delivery/request.ts'
import { fitsPattern } from './audience.ts'
import type { EnvironmentInput } from './offers.ts'
import { refusal } from './refusal.ts'

/** Where a call without a word about it belongs. */
export const PRODUCTION = 'production'

/** What is known of the environments of an account. */
export interface Environments {
  list: readonly EnvironmentInput[]
  /** Name of the one that a call belongs to which neither says its id nor comes from one of its hosts. */
  usual: string
}

/** Names are the same in capitals and in small letters: a client writes them small in the address of the rules. */
const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/** Whether an environment goes by a name. Where a file lists none, any name will do. */
export const isEnvironment = ({ list }: Pick<Environments, 'list'>, name: string): boolean =>
  !list.length || isSame(name, PRODUCTION) || list.some((one) => isSame(one.name, name))

/** Whether something that is limited to some environments takes part in one. */
export const takesPart = (limited: readonly string[] | undefined, environment: string): boolean =>
  limited === undefined || limited.some((name) => isSame(name, environment))

/**
 * The environment of a call: the one whose id it says, else the one to whose hosts its page belongs, else the usual one. Throws a
 * refusal for an id that the account does not have.
 */
export const environmentOf = ({ environmentId, context }: DeliveryRequest, { list, usual }: Environments): string => {
  if (!list.length) return usual
  if (environmentId !== undefined) {
    const found = list.find(({ id }) => id === environmentId)
    if (found) return found.name
    throw refusal(400, `Invalid request: environmentId ${environmentId} is no environment of this client`)
  }
  const host = context.browser?.host?.replace(/:\d+$/, '').toLowerCase()
  const found = list.find(({ hosts = [] }) => hosts.some((one) => host && fitsPattern(one.toLowerCase(), host)))
  return found?.name ?? usual
}

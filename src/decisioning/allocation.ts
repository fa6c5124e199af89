import { absorb, type Begun, EMPTY, finish } from './murmur.ts'

const BUCKETS = 10_000
/** By this Target splits the visitors of all activities. */
const SALT = '.0'

/** What all visitors of an activity have in common. */
export const allocationOf = (client: string, activity: unknown): Begun => absorb(EMPTY, `${client}.${activity ?? ''}.`)

/** Where in an activity a visitor falls: 0 to 99.99, the same on every device and server. */
export const allocate = (activity: Begun, visitor: string): number =>
  (Math.abs(finish(absorb(absorb(activity, visitor), SALT))) % BUCKETS) / 100

/** What a client loads when it decides on the device. */
export { createFlags } from './flags.ts'
export { createNear, decideNear } from './near.ts'

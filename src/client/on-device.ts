/** What a client loads when it decides on the device. */
export { createDevice } from '../decisioning/device.ts'
export { createFlags } from './flags.ts'

import type { Visit } from './ask.ts'
import type { Core } from './core.ts'
import { createEnvelopeNow } from './envelope.ts'
import type { Variation, Variations } from './flags.ts'
import { identify, remember } from './identity.ts'

const NO_DEVICE =
  "variation() decides on the device: create the client with decisioningMethod 'on-device' or 'hybrid', and wait for ready()"

type Asked = Parameters<Variations['variation']>

/** Decides on values at once, by code that is loaded with the device. */
export const createVariations = (core: Core, visit: Visit): Variations => {
  const { device, events } = core
  let made: Variations | undefined
  let isWarned = false
  const flags = (): Variations | undefined => {
    made ??= device.code()?.createFlags({
      core,
      visit,
      identify,
      remember,
      device: device.now,
      envelopeNow: createEnvelopeNow(core, visit),
    })
    if (!made && device.method === 'server-side' && !isWarned) events.emit('warning', { message: NO_DEVICE })
    isWarned = true
    return made
  }
  return {
    variation: ((...asked: Asked) => {
      const known = flags()
      return known ? known.variation(...asked) : asked[2]
    }) as Variations['variation'],
    variationDetails: ((...asked: Asked): Variation<unknown> =>
      flags()?.variationDetails(...asked) ?? {
        value: asked[2],
        reason: visit.consent.isIn() ? 'NOT_READY' : 'NO_CONSENT',
      }) as Variations['variationDetails'],
  }
}

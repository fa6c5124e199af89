import type { Visit } from './ask.ts'
import type { Core } from './core.ts'
import { createEnvelopeNow } from './envelope.ts'
import type { FlagsParts, Variation, Variations } from './flags.ts'
import { identify, remember } from './identity.ts'

const NO_DEVICE =
  "variation() decides on the device: create the client with decisioningMethod 'on-device' or 'hybrid', and wait for ready()"

type Asked = Parameters<Variations['variation']>

/** Decides on values at once, by code that is loaded with the device. */
export const createVariations = (core: Core, visit: Visit): Variations => {
  const { device, options, events, queue } = core
  const { platform, consent } = visit
  let made: Variations | undefined
  let isWarned = false
  const warn = (message: string): void => events.emit('warning', { message })

  const add: FlagsParts['add'] = (notifications, call) => {
    // A client that is closed counts nothing any more.
    if (core.closed) return
    const envelope = createEnvelopeNow(core, visit)(call)
    for (const notification of notifications) {
      queue.add(notification, envelope)
      events.emit('notificationQueued', { notification })
    }
  }
  const flags = (): Variations | undefined => {
    const isIn = consent.isIn
    const envelope = () => visit.envelope
    made ??= device.flags({ options, platform, isIn, identify, remember, envelope, add, warn })
    if (!made && device.method === 'server-side' && !isWarned) warn(NO_DEVICE)
    isWarned = true
    return made
  }
  return {
    variation: ((...asked: Asked) => {
      const known = made ?? flags()
      return known ? known.variation(...asked) : asked[2]
    }) as Variations['variation'],
    variationDetails: ((...asked: Asked): Variation<unknown> =>
      (made ?? flags())?.variationDetails(...asked) ?? {
        value: asked[2],
        reason: consent.isIn() ? 'NOT_READY' : 'NO_CONSENT',
      }) as Variations['variationDetails'],
  }
}

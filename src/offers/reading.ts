import type { Client } from '../client/client.ts'
import type { Entry } from './entry.ts'
import { isAnswered, keyIn, type OfferSnapshot } from './snapshot.ts'

/** The value of a key, as it stands in the offer. It is never changed: what is new is another one. */
export interface Reading {
  readonly value: unknown
  /** There is more to come. */
  readonly isPending: boolean
  /** Why nobody could be asked. */
  readonly error: unknown
  /** The device has decided, and counts by itself that it is shown. */
  readonly isByDevice: boolean
}

const readingOf = (snapshot: OfferSnapshot, key: string): Reading => ({
  value: isAnswered(snapshot) ? keyIn(snapshot, key) : undefined,
  isPending: snapshot.status === 'pending',
  error: snapshot.error,
  isByDevice: false,
})

const textsOf = (parameters: Entry['details']['parameters'] = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, `${value}`]))

/**
 * Reads values of JSON offers: of an answer, or where the client of a page decides on the device, from it, at once. The same reading is
 * given until something changes.
 */
export const createReadings = (client: Client | undefined, notify: () => void) => {
  const known = new WeakMap<object, Map<string, Reading>>()
  /** Another one for each set of rules. */
  let rules = {}
  const hasDevice = client !== undefined && client.decisioningMethod !== 'server-side'
  const onRules = (): void => {
    rules = {}
    notify()
  }
  if (hasDevice) {
    client.on('clientReady', onRules)
    client.on('artifactDownloadSucceeded', onRules)
  }

  const once = (source: object, name: string, make: () => Reading): Reading => {
    const readings = known.get(source) ?? new Map<string, Reading>()
    known.set(source, readings)
    const reading = readings.get(name) ?? make()
    readings.set(name, reading)
    return reading
  }
  const ofDevice = ({ name, details }: Entry, key: string, isShown: boolean): Reading | undefined => {
    const parameters = textsOf(details.parameters)
    const found = client?.variationDetails<unknown>(name, key, undefined, { parameters, display: isShown })
    if (!found || found.reason === 'REMOTE') return undefined
    const isPending = found.reason === 'NOT_READY' || found.reason === 'NO_CONSENT'
    return { value: found.value, isPending, error: undefined, isByDevice: true }
  }
  const ofSnapshot = (snapshot: OfferSnapshot, key: string): Reading =>
    once(snapshot, key, () => readingOf(snapshot, key))

  return {
    ofSnapshot,
    read: (entry: Entry, key: string): Reading =>
      hasDevice && !entry.held && !entry.asking
        ? once(rules, `${entry.id} ${key}`, () => ofDevice(entry, key, false) ?? readingOf(entry.snapshot, key))
        : ofSnapshot(entry.snapshot, key),
    /** Counts that a value of the device is shown; it does so once a visit. */
    count: (entry: Entry, key: string): void => void ofDevice(entry, key, true),
  }
}

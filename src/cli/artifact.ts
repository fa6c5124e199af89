import { readArtifact } from '../decisioning/container.ts'
import { locationOf } from '../decisioning/location.ts'
import { failed, inner, misused } from './failure.ts'
import { type Given, titled } from './flags.ts'
import { nameOf, readInput } from './input.ts'
import type { Terminal } from './terminal.ts'

/** Where the artifact is and how it is read. */
export const artifactFlags = titled('The artifact', {
  artifact: { value: 'file|url|-', text: 'A file, an address, or - for the standard input' },
  client: {
    value: 'code',
    text: 'Client code. Without --artifact, the rules of that account are downloaded. Visitors fall into experiences by it; default: the one that the artifact names',
  },
  environment: { value: 'name', text: 'Whose rules are downloaded for --client; default: production' },
  'artifact-format': { value: 'json|bin', text: 'In which form they are downloaded for --client; default: json' },
  'organization-id': { value: 'id', text: 'Such as ABC@AdobeOrg: reads the obfuscated form, rules.bin' },
  timeout: { value: 'seconds', text: 'How long a download may take; default: 30' },
  property: { value: 'token', text: 'Property of the request. With --client, only its rules are downloaded' },
})

/** What of the command line chooses the artifact. */
export type ArtifactGiven = Given<typeof artifactFlags>

/** An artifact, read. */
export interface Opened {
  /** A path, a URL, or `-`. */
  from: string
  /** As it was read. */
  bytes: number
  json: unknown
}

const FORMATS = ['json', 'bin']

/** Where the artifact is. Throws a failure of usage when that is not said, or said twice. */
export const artifactPlace = (given: ArtifactGiven, word: string | undefined): string => {
  const { artifact, client, environment, property, 'artifact-format': format } = given
  if (artifact !== undefined && word !== undefined) {
    throw misused(`Two artifacts are given, ${word} and --artifact ${artifact}: leave one out`)
  }
  const place = word ?? artifact
  if (format !== undefined && !FORMATS.includes(format)) {
    throw misused(`--artifact-format is json or bin, not ${format}`)
  }
  if (place !== undefined) {
    const idle = environment !== undefined ? 'environment' : format !== undefined ? 'artifact-format' : undefined
    if (idle) throw misused(`--${idle} chooses what is downloaded for --client: leave it out, or leave out ${place}`)
    return place
  }
  if (client === undefined) {
    const advice =
      'give a file, an address or - with --artifact, or the account whose rules are downloaded with --client'
    throw misused(`There is no artifact: ${advice}`)
  }
  return locationOf({ client, environment, propertyToken: property, artifactFormat: format })
}

/** How long a download may take, in ms. Throws a failure of usage. */
export const patienceOf = ({ timeout = '30' }: { timeout: string | undefined }): { timeout: number } => {
  const seconds = Number(timeout)
  if (seconds > 0 && seconds <= 86_400) return { timeout: seconds * 1000 }
  throw misused(`--timeout is a number of seconds, not ${timeout}`)
}

/** Reads the artifact, whatever is in it. Throws a failure when it cannot be read. */
export const openArtifact = async (
  from: string,
  given: Pick<ArtifactGiven, 'organization-id' | 'timeout'>,
  terminal: Terminal,
): Promise<Opened> => {
  const bytes = await readInput({ place: from, what: 'artifact' }, terminal, patienceOf(given))
  const organizationId = given['organization-id']
  if (organizationId === undefined && Buffer.from(bytes.subarray(0, 5)).toString('latin1') === 'ATOD:') {
    const advice = 'give the organization that it was made for with --organization-id'
    throw misused(`The artifact of ${nameOf(from)} is obfuscated: ${advice}`)
  }
  try {
    return { from, bytes: bytes.length, json: readArtifact(bytes, organizationId ?? '').json }
  } catch (error) {
    throw failed(`${nameOf(from)} is no artifact that can be used: ${inner((error as Error).message)}`, error)
  }
}

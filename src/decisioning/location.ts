/** What decides where the rules of an account are, by the names of the client's options. */
export interface ArtifactAddress {
  client: string
  /** Name of the environment. @default 'production' */
  environment?: string | undefined
  /** Chooses the rules of one property. */
  propertyToken?: string | undefined
  /** `json`, or `bin` for the obfuscated form. @default 'json' */
  artifactFormat?: string | undefined
  /** The whole address, in place of all others. */
  artifactLocation?: string | undefined
}

/** The address of an artifact. The environment may have any name; in the address it is lower case. */
export const locationOf = (address: ArtifactAddress): string => {
  const { client, environment, propertyToken, artifactFormat, artifactLocation } = address
  if (artifactLocation) return artifactLocation
  const folders = [client, (environment || 'production').toLowerCase(), 'v1', ...(propertyToken ? [propertyToken] : [])]
  const file = artifactFormat === 'bin' ? 'rules.bin' : 'rules.json'
  return `https://assets.adobetarget.com/${folders.map(encodeURIComponent).join('/')}/${file}`
}

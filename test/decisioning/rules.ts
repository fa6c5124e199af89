import type { Artifact, Rule } from '../../src/decisioning/artifact.ts'
import type { DeliveryRequest } from '../../src/delivery/request.ts'

/** A macro as Target writes it. */
export const macro = (name: string): string => `\${${name}}`

interface RuleParts {
  condition?: unknown
  content?: unknown
  type?: string
  name?: string
  activity?: number
  experience?: number
  ruleKey?: string
  propertyTokens?: string[]
  eventToken?: string
  options?: unknown[]
  metrics?: unknown[]
  meta?: object
}

/** A rule that matches everybody and shows a text, unless something else is said. */
export const rule = (parts: RuleParts): Rule => {
  const { condition = true, content = 'shown', type = 'html', name = 'home', activity = 1, experience = 0 } = parts
  const {
    ruleKey = `${activity}`,
    propertyTokens,
    eventToken = `token-${activity}-${experience}`,
    metrics = [],
  } = parts
  return {
    ruleKey,
    ...(propertyTokens && { propertyTokens }),
    condition,
    meta: {
      'activity.id': activity,
      'activity.name': `activity ${activity}`,
      'activity.type': 'ab',
      'experience.id': experience,
      'experience.name': `experience ${experience}`,
      'audience.ids': [activity * 10],
      'offer.id': activity * 100 + experience,
      'option.id': experience,
      ...parts.meta,
    },
    consequence: { name, options: parts.options ?? [{ type, content, eventToken }], metrics },
  } as Rule
}

interface ArtifactParts extends Partial<Artifact> {
  mboxes?: Record<string, Rule[]>
  views?: Record<string, Rule[]>
}

/** An artifact that holds rules; it is local in all that it holds. */
export const artifactOf = ({ mboxes = {}, views = {}, ...rest }: ArtifactParts): Artifact => ({
  version: '1.0.0',
  meta: { clientCode: 'acme', environment: 'production' },
  globalMbox: 'target-global-mbox',
  responseTokens: [],
  remoteMboxes: [],
  remoteViews: [],
  localMboxes: Object.keys(mboxes),
  localViews: Object.keys(views),
  rules: { mboxes, views },
  ...rest,
})

interface RequestParts extends Partial<Omit<DeliveryRequest, 'execute' | 'prefetch' | 'id'>> {
  id?: object
  /** Names of mboxes, or mboxes. */
  mboxes?: (string | object)[]
  views?: object[]
  pageLoad?: object
  mode?: 'execute' | 'prefetch'
  parameters?: Record<string, unknown>
}

/** A request for prefetched content, unless something else is said. */
export const request = (parts: RequestParts): DeliveryRequest => {
  const { mboxes, views, pageLoad, mode = 'prefetch', id = { tntId: 'visitor' }, parameters, ...rest } = parts
  const place = (item: string | object, index: number) => ({
    index,
    ...(parameters && { parameters }),
    ...(typeof item === 'string' ? { name: item } : item),
  })
  return {
    context: { channel: 'web' },
    id,
    ...rest,
    [mode]: { ...(mboxes && { mboxes: mboxes.map(place) }), ...(views && { views }), ...(pageLoad && { pageLoad }) },
  } as DeliveryRequest
}

import { type Artifact, checkedArtifact } from '../decisioning/artifact.ts'
import { type Problem, problemsOf } from '../decisioning/problems.ts'
import { isTargetError } from '../delivery/error.ts'
import { count } from './layout.ts'
import { type Summary, summaryOf } from './summary.ts'

/** Clients refuse an artifact of more bytes. */
const LARGEST = 32 * 2 ** 20

/** What is wrong with an artifact, and what it holds unless the whole of it is wrong. */
export interface Findings {
  summary: Summary | undefined
  problems: Problem[]
  /** What may be so, and is most likely not meant. */
  notes: Problem[]
}

const problemsOfSize = (size: number): Problem[] => {
  if (size <= LARGEST) return []
  const message = `must be at most ${count(LARGEST)} bytes, not ${count(size)}: use that of a property, or server-side decisions`
  return [{ path: 'artifact', message }]
}

/** Places whose rules are never used, because no list of local places names them. */
const unnamed = (kind: 'Mboxes' | 'Views', places: Summary['mboxes'], remote: readonly string[] = []): Problem[] =>
  places
    .filter(({ name, decidedBy }) => decidedBy === 'both' && !remote.includes(name))
    .map(({ name }) => ({
      path: `rules.${kind.toLowerCase()}.${name}`,
      message: `is not named in local${kind}, so clients ask the edge: publish the activities anew`,
    }))

const notesOn = (artifact: Artifact, { client, mboxes, views }: Summary): Problem[] => [
  ...(client
    ? []
    : [{ path: 'meta.clientCode', message: 'is missing: decide with --client, as it decides on experiences' }]),
  ...unnamed('Mboxes', mboxes, artifact.remoteMboxes),
  ...unnamed('Views', views, artifact.remoteViews),
]

/** Looks at an artifact of a size in bytes. Never throws for what is in it. */
export const findingsIn = (json: unknown, size: number): Findings => {
  try {
    const artifact = checkedArtifact(json)
    const summary = summaryOf(artifact)
    const problems = [...problemsOfSize(size), ...problemsOf(artifact)]
    return { summary, problems, notes: notesOn(artifact, summary) }
  } catch (error) {
    if (!isTargetError(error)) throw error
    // The message begins with the path.
    const path = error.path ?? 'artifact'
    return { summary: undefined, problems: [{ path, message: error.message.replace(`${path} `, '') }], notes: [] }
  }
}

import { expect, it } from 'vitest'
import { decide } from '../../src/decisioning/decide.ts'
import { compileArtifact } from '../../src/decisioning/ruleset.ts'
import { type Difference, differences } from './differences.ts'
import { startPublished } from './published-engine.ts'

const copy = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value))

const lookThere = async ({ artifact, request, look }: Difference): Promise<unknown> => {
  const published = await startPublished({ client: 'acme', artifactPayload: copy(artifact) })
  return published.decide(copy(request)).then(
    ({ response }) => look(copy(response)),
    () => 'rejects',
  )
}

const lookHere = ({ artifact, request, look }: Difference): unknown => {
  const { response, remoteMboxes } = decide(compileArtifact(artifact, { client: 'acme' }), request, Date.now())
  return look(copy({ ...response, remoteMboxes }))
}

it.each(differences)('differs: $name, because $reason', async (difference) => {
  expect(await lookThere(difference), 'the published engine').toEqual(difference.theirs)
  expect(lookHere(difference), 'this engine').toEqual(difference.ours)
})

// What has to be true before anything is measured: that all contenders do the same. No clock is looked at.
import { artifactOf } from './artifact.mjs'
import { countPosts } from './client.mjs'
import { clientsFor } from './clients.mjs'
import { startCollector } from './collector.mjs'
import { compareSize } from './engine.mjs'
import { checkShares, ourFlags } from './flags.mjs'

const SIZES = [
  { mboxes: 30, activities: 1, experiences: 1 },
  { mboxes: 30, activities: 5, experiences: 2 },
]
const ASKED = [1, 20]
const DECISIONS = 200

const comparedEngines = async () => {
  const compared = []
  for (const size of SIZES) for (const asked of ASKED) compared.push(await compareSize(size, asked))
  return compared
}

const countedPosts = async () => {
  const collector = await startCollector()
  const counts = []
  // However long a busy machine takes: nothing leaves before it is told to.
  for (const client of await clientsFor(artifactOf(SIZES[0]), collector, { notificationDelay: 60_000 })) {
    counts.push({ name: client.name, ...(await countPosts(client, collector, DECISIONS)) })
    await client.close()
  }
  collector.stop()
  return counts
}

/** Answers that are alike, POSTs that arrive, and shares of our own flags; the field's are held to theirs where it is installed. */
export const checkAll = async () => {
  const shares = []
  for (const contender of await ourFlags()) shares.push({ name: contender.name, ...(await checkShares(contender)) })
  return { engines: await comparedEngines(), counts: await countedPosts(), shares }
}

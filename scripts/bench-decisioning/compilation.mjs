// What it takes to get ready. Rules are compiled when their mbox is first asked for, so the worst is to ask for all of them.
import { compileArtifact } from 'isotarget/decisioning'
import { artifactOf, requestOf, rulesIn } from './artifact.mjs'
import { CLIENT, isotarget } from './engines.mjs'
import { mediansOf } from './medians.mjs'
import { spent } from './turns.mjs'

const SIZES = [
  { mboxes: 1000, activities: 1, experiences: 1 },
  { mboxes: 1000, activities: 5, experiences: 2 },
]

const heap = () => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

/** All rules compiled and used once; `artifact` is the JSON. CPU ms, and bytes of heap a rule. */
const sampleOf = (text, size) => {
  const begun = heap()
  const start = process.cpuUsage()
  const artifact = JSON.parse(text)
  const parsed = spent(start)
  const beforeRules = heap()
  const compiling = process.cpuUsage()
  const ruleset = compileArtifact(artifact, { client: CLIENT })
  const ready = spent(compiling)
  for (const name of Object.keys(artifact.rules.mboxes)) ruleset.mboxRules(name, undefined)
  const all = spent(compiling)
  const rules = rulesIn(size)
  const compiled = heap() - beforeRules
  // Who holds it until here keeps it from being collected.
  if (!ruleset.mboxRules('mbox-0', undefined).length) throw new Error('there are no rules')
  return {
    parse: parsed / 1000,
    ready: ready / 1000,
    all: all / 1000,
    perRule: all / rules,
    json: (beforeRules - begun) / rules,
    heap: compiled / rules,
  }
}

/** From an artifact in hand to the first decision. */
const firstOf = (text, size) => {
  const artifact = JSON.parse(text)
  const request = requestOf(0, 1, size.mboxes)
  const start = process.cpuUsage()
  isotarget(artifact).decide(request)
  return spent(start) / 1000
}

export const benchCompilation = ({ rounds }) => ({
  sizes: SIZES.map((size) => {
    const text = JSON.stringify(artifactOf(size))
    const samples = []
    // The first ones run code that nobody has run before.
    for (let round = -2; round < rounds; round++) {
      const sample = { ...sampleOf(text, size), first: firstOf(text, size) }
      if (round >= 0) samples.push(sample)
    }
    return { rules: rulesIn(size), bytes: text.length, ...mediansOf(samples) }
  }),
})

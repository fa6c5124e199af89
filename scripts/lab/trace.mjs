// How long the contender's script is evaluated, and how long the page runs in it, at the pace of the page.

const SCRIPT = '/sdk.js'

/** Samples every so many µs. */
const INTERVAL = 500

/** Milliseconds of samples in whose stack there is a function of the script. */
const timeIn = ({ nodes, samples = [], timeDeltas = [] }) => {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const known = new Map()
  const isIn = (id) => {
    if (id === undefined) return false
    if (!known.has(id)) known.set(id, byId.get(id).callFrame.url.endsWith(SCRIPT) || isIn(parents.get(id)))
    return known.get(id)
  }
  return samples.reduce((sum, id, index) => (isIn(id) ? sum + timeDeltas[index] : sum), 0) / 1000
}

const evaluation = (events) =>
  events
    .filter(({ name, ph, args }) => name === 'EvaluateScript' && ph === 'X' && args.data?.url?.endsWith(SCRIPT))
    .reduce((sum, { dur }) => sum + dur, 0) / 1000

export const startTrace = async (page, session) => {
  await page.tracing.start({ categories: ['devtools.timeline'] })
  await session.send('Profiler.enable')
  await session.send('Profiler.setSamplingInterval', { interval: INTERVAL })
  await session.send('Profiler.start')
  return {
    async end() {
      const { profile } = await session.send('Profiler.stop')
      const text = new TextDecoder().decode(await page.tracing.stop())
      return { evaluation: evaluation(JSON.parse(text).traceEvents), script: timeIn(profile) }
    },
  }
}

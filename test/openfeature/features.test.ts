import { join } from 'node:path'
import { describe, test } from 'vitest'
import { ownOffers, specOffers } from './feature-flags.ts'
import { readFeatures, type Scenario, stepOf } from './features.ts'
import { openServerSide, openWebSide, type Side, type SideSetup } from './sides.ts'
import { newWorld, steps } from './steps.ts'

// Features in Gherkin, each scenario through the published SDKs to a real edge.

const SIDES: OneSide[] = [
  { side: 'server', open: openServerSide, method: 'on-device' },
  { side: 'server', open: openServerSide, method: 'server-side' },
  { side: 'web', open: openWebSide, method: 'on-device' },
  { side: 'web', open: openWebSide, method: 'server-side' },
]

interface OneSide {
  side: 'server' | 'web'
  open(setup: SideSetup): Side
  method: SideSetup['method']
}

const play = async ({ open, method }: OneSide, offers: SideSetup['offers'], scenario: Scenario): Promise<void> => {
  const world = newWorld(open({ method, offers }))
  for (const { text, table } of scenario.steps) {
    const { run, words } = stepOf(steps, text)
    await run(world, words, table)
  }
}

/** Scenarios that are for one SDK, or for one way to decide, say so. */
const isFor = ({ side, method }: OneSide, { tags }: Scenario): boolean => {
  const others = [side === 'web' ? '@server' : '@web', method === 'on-device' ? '@edge' : '@device']
  return !tags.some((tag) => others.includes(tag))
}

describe.each(SIDES)('our features: $side, $method', (side) => {
  const scenarios = readFeatures(join(import.meta.dirname, 'features')).filter((scenario) => isFor(side, scenario))
  test.each(scenarios.map((scenario, at) => ({ at, ...scenario })))('$file, $at: $name', (scenario) =>
    play(side, ownOffers, scenario),
  )
})

/** The folder `specification/assets/gherkin` of a copy of https://github.com/open-feature/spec, which is not part of this project. */
const folder = process.env.OPENFEATURE_GHERKIN

/** A scenario, on one side. */
interface Case extends OneSide, Scenario {
  /** Everything that its steps say, tables and all. */
  said: string
}

const isOnEdge = ({ method }: Case): boolean => method === 'server-side'
const isOnServersEdge = (one: Case): boolean => isOnEdge(one) && one.side === 'server'

/** Why scenarios of the specification say something else than Target can. */
const UNFIT: readonly (readonly [why: string, isUnfit: (one: Case) => boolean])[] = [
  ['deprecated, replaced by evaluation_v2', ({ file }) => file === 'evaluation.feature'],
  ['metadata is what Target says of an activity, and nothing else', ({ said }) => /metadata should contain/.test(said)],
  ['every value of Target has an activity, and says so', ({ said }) => /metadata is empty/.test(said)],
  ['nothing is cached beyond what the context decides', ({ tags }) => tags.includes('@reason-codes-cached')],
  ['an activity that is not live is not there', ({ tags }) => tags.includes('@reason-codes-disabled')],
  ['a page has no transactions', ({ side, tags }) => side === 'web' && tags.includes('@transaction')],
  [
    'the context of a page has one level',
    ({ side, said }) => side === 'web' && /(Client|Invocation|Before Hooks)" level/.test(said),
  ],
  ['read on the wire, to which only the edge leads', (one) => !isOnEdge(one) && one.file === 'contextMerging.feature'],
  ['the edge does not say by what it went', (one) => isOnEdge(one) && /STATIC|DEFAULT/.test(one.said)],
  [
    'the edge does not tell an mbox that nobody fills from one that is for others',
    (one) => isOnServersEdge(one) && /FLAG_NOT_FOUND/.test(one.said),
  ],
  [
    'there is nothing to wait for',
    (one) => isOnServersEdge(one) && /a (not ready|error|fatal|stale) provider/.test(one.said),
  ],
  ['what the edge answers does not grow old by itself', (one) => isOnEdge(one) && /a stale provider/.test(one.said)],
]

describe.runIf(folder).each(SIDES)('features of the specification: $side, $method', (side) => {
  const offers = specOffers(folder ?? '')
  for (const [at, scenario] of readFeatures(folder ?? '.').entries()) {
    const said = scenario.steps.map(({ text, table }) => `${text} ${table}`).join('\n')
    const [why] = UNFIT.find(([, isUnfit]) => isUnfit({ ...side, ...scenario, said })) ?? []
    const title = `${scenario.file}, ${at}: ${scenario.name}`
    if (why) test.skip(`${title} (${why})`, () => {})
    else test(title, () => play(side, offers, scenario))
  }
})

if (!folder) test.skip('features of the specification: OPENFEATURE_GHERKIN names the folder of a copy')

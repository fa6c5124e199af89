import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { launchChromium } from '../../test/browsers/engines/chromium.ts'
import { launchFirefox } from '../../test/browsers/engines/firefox.ts'
import { launchWebkit } from '../../test/browsers/engines/webkit.ts'
import { byChance } from '../../test/faults/fault-plan.ts'
import { findBrowsers } from '../ensure-browsers.mjs'
import { scriptOf } from './browsers/page.mjs'
import { playSeason } from './browsers/season.mjs'
import { openSite } from './browsers/site.mjs'
import { openShop } from './node.mjs'
import { FIRST_REQUEST } from './shop.mjs'
import { tallyOf, wireOf } from './tally.mjs'

export const ENGINES = ['chromium', 'firefox', 'webkit']
const OURS = 'isotarget'
const NAMES = {
  [OURS]: 'isotarget',
  fetch: 'bare fetch',
  sendBeacon: 'bare sendBeacon',
  'at.js': 'beacon, as at.js',
}

/** Pages that are left, of an engine and a way; and browsers that are started for it, one after the other. */
const ROUNDS = {
  full: { ours: { close: 300, navigate: 100, kill: 50 }, others: { close: 60, navigate: 20, kill: 10 }, seasons: 3 },
  quick: { ours: { close: 20, navigate: 8, kill: 4 }, others: { close: 6, navigate: 2, kill: 1 }, seasons: 1 },
}
const PROFILES = { ours: 4, others: 2 }
/** What was handed over may come late, in ms. */
const QUIET = 3_000

const launchers = () => {
  const { chromium, firefox, webkit } = findBrowsers()
  return {
    chromium: chromium && (() => launchChromium(chromium, {})),
    firefox: firefox && (() => launchFirefox(firefox, {})),
    webkit: webkit && (() => launchWebkit(webkit, {})),
  }
}

/** Runs one work after the other. */
const createTurns = () => {
  let last = Promise.resolve()
  return (work) => {
    const turn = last.then(work)
    last = turn.catch(() => {})
    return turn
  }
}

const shareOf = (count, season, seasons) =>
  Math.floor((count * (season + 1)) / seasons) - Math.floor((count * season) / seasons)

/** What each way plays in a season: the others begin as the first way does, and end sooner. */
const playsOf = ({ season, seed, ways, rounds: { ours, others, seasons } }) =>
  ways.flatMap((way) => {
    const kind = way === OURS ? 'ours' : 'others'
    if (kind === 'others' && season > 0) return []
    const total = kind === 'ours' ? ours : others
    const parts = kind === 'ours' ? seasons : 1
    const counts = Object.entries(total).map(([act, count]) => [act, shareOf(count, season, parts)])
    const rounds = { ...Object.fromEntries(counts), seed: seed + season, profiles: PROFILES[kind] }
    return [{ way, rounds }]
  })

const quiet = async (desks) => {
  const callsOf = () => desks.reduce((sum, { proxy }) => sum + proxy.calls.length, 0)
  for (let before = -1; before !== callsOf(); ) {
    before = callsOf()
    await sleep(QUIET)
  }
}

const sumOf = (endings, key) => endings.reduce((sum, ending) => sum + ending[key], 0)

/** What was lost of each act, and how many rounds it had. */
const actsOf = (entries, endings, lostIds) => {
  const lost = new Set(lostIds)
  return Object.fromEntries(
    ['close', 'navigate', 'kill'].map((act) => {
      const mine = entries.filter((entry) => entry.act === act)
      const rounds = endings.reduce((sum, { played }) => sum + (played[act] ?? 0), 0)
      return [act, { rounds, queued: mine.length, lost: mine.filter(({ id }) => lost.has(id)).length }]
    }),
  )
}

const rowOf = ({ engine, way, desk, site, endings, ...about }) => {
  const journal = site.journals.get(way)
  const entries = journal.all()
  const tally = tallyOf(entries, desk.edge.ledger)
  const entryOf = new Map(entries.map((entry) => [entry.id, entry]))
  const mine = endings.filter((ending) => ending.way === way)
  return {
    name: `${NAMES[way]}, ${engine}`,
    way: NAMES[way],
    engine,
    acts: actsOf(entries, mine, tally.lostIds),
    ...tally,
    lostIds: tally.lostIds.map((id) => entryOf.get(id)),
    ...wireOf(desk.proxy.calls),
    ...journal.endings,
    pending: sumOf(mine, 'pending'),
    stored: sumOf(mine, 'stored'),
    ...about,
  }
}

const soakEngine = async ({ engine, launch, ways, seed, rate, rounds, alone, say }) => {
  const began = performance.now()
  const desks = new Map()
  for (const way of ways) desks.set(way, await openShop())
  for (const { proxy } of desks.values()) proxy.use(byChance({ seed, rate }))
  const scripts = ways.map((way) => {
    const { url, proxy } = desks.get(way)
    return [`/soak-${way}.js`, scriptOf({ way, edge: url, proxy: proxy.url, request: FIRST_REQUEST })]
  })
  const built = readFileSync(new URL('../../dist/isotarget.global.js', import.meta.url), 'utf8')
  const site = await openSite({ ways, scripts: { '/isotarget.js': built, ...Object.fromEntries(scripts) } })
  const endings = []
  let replayed = 0
  for (let season = 0; season < rounds.seasons; season++) {
    const plays = playsOf({ season, seed, ways, rounds })
    const played = await playSeason({ engine, launch, site, ways: plays, season: season + 1, alone, say })
    endings.push(...played.endings)
    replayed += played.replayed
  }
  await quiet([...desks.values()])
  const seconds = (performance.now() - began) / 1000
  const rows = ways.map((way) => rowOf({ engine, way, desk: desks.get(way), site, endings, replayed, seconds }))
  site.close()
  for (const { close } of desks.values()) await close()
  return rows
}

/**
 * Pages report and are closed, left and killed, in every engine. While the last pages of one browser wait, the next browser is at
 * work.
 */
export const soakBrowsers = async ({ seed, rate, quick, engine, isChosen, say }) => {
  const launch = launchers()
  const names = ENGINES.filter((name) => !engine || name === engine)
  for (const name of names)
    if (!launch[name]) throw new Error(`${name} is not installed: run "node scripts/ensure-browsers.mjs"`)
  const alone = createTurns()
  const rounds = quick ? ROUNDS.quick : ROUNDS.full
  const ways = Object.keys(NAMES).filter((way) => isChosen(NAMES[way]))
  const common = { ways, seed, rate, rounds, alone, say }
  const all = names.map((name) => soakEngine({ ...common, engine: name, launch: launch[name] }))
  return (await Promise.all(all)).flat()
}

// One browser, from its start to its end: pages are left, and then those who can send what was left over.
import { setTimeout as sleep } from 'node:timers/promises'
import { acts, within } from './acts.mjs'
import { roundsOf } from './rounds.mjs'

/** Tabs at once. A kill is alone, because it is found by what its process does. */
const TABS = { chromium: 3, firefox: 2, webkit: 2 }
/** Rounds that may fail in the running itself, of a whole season. */
const TROUBLES = 8
/** The longest that a round takes, and the last page of a profile, in ms. */
const ROUND = 60_000
const PATIENCE = 240_000
const POLL = 250
/** How often a season may be played again. */
const REPLAYS = 3

const createStage = ({ engine, browser, site, way, season }) => {
  const journal = site.journals.get(way)
  const visitorOf = (profile) => `${engine}-${season}-${way}-${profile}`
  const addressOf = (profile, rest = '') => site.url(`/page/${way}?visitor=${visitorOf(profile)}${rest}`)
  let count = 0
  const open = async (profile) => {
    const page = await browser.open(addressOf(profile), { profile: `${way}-${profile}` })
    await page.evaluate(() => globalThis.soak.ready)
    return page
  }
  return {
    journal,
    open,
    async play({ isElsewhere, ...round }) {
      const { act, mode, profile, seed } = round
      const page = await open(profile)
      const id = `${engine}.${season}.${++count}`
      journal.expect(id, { act, mode, seed, visitor: visitorOf(profile) })
      const url = isElsewhere ? site.url('/elsewhere') : addressOf(profile, '&next')
      try {
        await acts[act]({ page, id, url, journal, engine }, round)
      } catch (error) {
        await page.close().catch(() => {})
        throw error
      }
    },
  }
}

/** The orders of a round that failed may have counted. */
const withOtherOrders = (round) => ({
  ...round,
  events: round.events.map((event) => {
    const { order } = event
    return order ? { ...event, order: { ...order, id: `${order.id}-again` } } : event
  }),
})

/** Plays rounds, some at once; one that fails is played again. Resolves with how many were played of each act. */
const playAll = async (stage, rounds, { tabs, say }) => {
  const left = [...rounds]
  const played = {}
  let count = 0
  let troubles = 0
  const work = async () => {
    for (let round = left.shift(); round; round = left.shift()) {
      try {
        await within(stage.play(round), 'a round', ROUND)
        played[round.act] = (played[round.act] ?? 0) + 1
        if (++count % 25 === 0) say(`${count} of ${rounds.length} rounds`)
      } catch (error) {
        say(`${round.act}, ${round.mode}: ${error.message}`)
        if (++troubles > TROUBLES) throw error
        left.push(withOtherOrders(round))
      }
    }
  }
  await Promise.all(Array.from({ length: tabs }, work))
  return played
}

/** Leaves pages and kills others. */
const playRounds = async (stage, rounds, { engine, say }) => {
  const { left, killed } = roundsOf(rounds)
  const played = await playAll(stage, left, { tabs: TABS[engine], say })
  return { ...played, ...(await playAll(stage, killed, { tabs: 1, say })) }
}

/** The last page of each profile lives until nothing is left to send, and hands over what its predecessors wrote down. */
const finish = async (stage, profiles, say) => {
  const finishOne = async (profile) => {
    const page = await stage.open(profile)
    for (const { round, list } of await page.evaluate(() => globalThis.soak.written())) stage.journal.add(round, list)
    const until = performance.now() + PATIENCE
    for (;;) {
      const left = await page.evaluate(() => globalThis.soak.left())
      const isDone = !left.pending && !left.stored
      if (isDone || performance.now() > until) {
        if (!isDone) say(`profile ${profile} gives up: ${JSON.stringify(left)}`)
        await page.close()
        return left
      }
      await sleep(POLL)
    }
  }
  const all = await Promise.all(Array.from({ length: profiles }, (_, profile) => finishOne(profile)))
  const sum = (key) => all.reduce((total, left) => total + left[key], 0)
  return { pending: sum('pending'), stored: sum('stored') }
}

/**
 * Plays a season: `season` names it. `alone` runs work when no other browser leaves pages. Others play while the last pages of the first way wait.
 * Gives by way what was played and what is left.
 */
const playOnce = async ({ engine, launch, site, ways, season, alone, say }) => {
  const browser = await launch()
  try {
    const endings = []
    for (const { way, rounds } of ways) {
      const stage = createStage({ engine, browser, site, way, season })
      const sayHere = (line) => say(`${engine} ${season}, ${way}: ${line}`)
      const played = await alone(() => playRounds(stage, rounds, { engine, say: sayHere }))
      sayHere(
        `${Object.entries(played)
          .map(([act, count]) => `${count} ${act}`)
          .join(', ')}; its last pages open`,
      )
      const ending = finish(stage, rounds.profiles, sayHere).then((left) => ({ way, played, ...left }))
      ending.catch(() => {})
      endings.push(ending)
    }
    return await Promise.all(endings)
  } finally {
    await browser.close().catch((error) => say(`${engine}: ${error.message}`))
  }
}

/**
 * Plays a season, and once more from the start when the browser or its driver comes to grief: then nothing can be said of what its
 * pages had stored. Gives also how often that was.
 */
export const playSeason = async ({ season, ...rest }) => {
  const { engine, site, say } = rest
  for (let tries = 0; ; tries++) {
    const name = tries ? `${season}-${tries}` : `${season}`
    try {
      return { endings: await playOnce({ ...rest, season: name }), replayed: tries }
    } catch (error) {
      if (tries >= REPLAYS) throw error
      say(`${engine} ${name} is played again: ${error.message}`)
      for (const journal of site.journals.values()) journal.forget(`${engine}.${name}.`)
    }
  }
}

import { pass, settled, within } from './life.ts'
import type { Step } from './script.ts'
import type { Tab } from './tab.ts'
import { createWorld, type World, type WorldParts } from './world.ts'

/** A page that is still there after so many ms stays. */
const STAYS = 3_000

/** Who is meant: the dead cannot be, the frozen return or die, the others do all else. */
const chosen = (world: World, step: Extract<Step, { tab: number }>): Tab | undefined => {
  const fit = world.tabs.filter(({ life }) => step.do === 'crash' || life.isFrozen === (step.do === 'return'))
  return fit[step.tab % Math.max(1, fit.length)]
}

const flush = async (tab: Tab, timeout: number | undefined, isAwaited: boolean): Promise<void> => {
  tab.hasFlushed = true
  let isDone = false
  within(tab.life, () => tab.core.queue.flush(timeout === undefined ? {} : { timeout })).then(() => {
    isDone = true
  })
  await pass(isAwaited ? 60_000 : 0, () => isDone)
}

/** A process that ends as it should. */
const close = async (world: World, tab: Tab): Promise<void> => {
  if (world.isBrowser) return
  let isDone = false
  // What is stored is left to others, and the rest goes on.
  tab.backAt = Infinity
  within(tab.life, () => tab.core.queue.close({ timeout: 2_000 })).then(() => {
    isDone = true
  })
  await pass(60_000, () => isDone)
  world.crash(tab)
}

/** Not every page is asked before it goes. */
const end = async ({ random }: World, tab: Tab): Promise<void> => {
  if (random() < 0.5) {
    tab.tell('leaving')
    await pass(3)
  }
  tab.tell('ends')
  await settled()
  tab.life.isFrozen = true
}

/** A page is told of its life; a process has none. */
const live = async (world: World, tab: Tab, step: Step): Promise<void> => {
  if (!world.isBrowser) return
  if (step.do === 'hide') tab.tell('hidden')
  else if (step.do === 'linger') {
    tab.tell('leaving')
    tab.backAt = performance.now() + STAYS
  } else if (step.do === 'end') await end(world, tab)
  else if (step.do === 'return') {
    tab.life.isFrozen = false
    tab.backAt = performance.now()
    tab.tell('returns')
  }
  if (step.do !== 'hide') world.letGo(tab)
}

const turn = (world: World, isOnline: boolean): void => {
  if (!world.isBrowser || world.state.isOnline === isOnline) return
  world.state.isOnline = isOnline
  if (isOnline) for (const tab of world.tabs) if (!tab.life.isFrozen) tab.tell('online')
}

/** The storage or the clock is not what it was. */
const ruin = ({ storage, pause, tabs, state, emptied }: World, step: Step): void => {
  state.wasIll = true
  state.isLoose ||= storage.kind === 'stamps' || storage.kind === 'remote'
  if (step.do === 'storage') storage.state.health = step.health
  else if (step.do === 'clear') {
    emptied()
    storage.texts.clear()
    pause.until = 0
    for (const { barred } of tabs) barred.delete('all')
  } else if (step.do === 'clock') {
    state.skew += step.by
    state.hasJumped = true
    // Nobody can tell any more that somebody came just now, or is about to go, and does not hold a name.
    const isUnsettled = ({ openedAt, backAt }: Tab) => Math.max(openedAt, backAt) > performance.now() - 1_000
    state.isLoose ||= tabs.some(isUnsettled)
  }
}

/** The visitor does not agree any more: what is stored goes, whoever wrote it, and what others hold in memory stays. */
const optOut = async ({ state, storage, tabs, ledger, emptied }: World, tab: Tab): Promise<void> => {
  state.wasIll = true
  state.isLoose ||= storage.kind === 'remote'
  const isWell = storage.state.health === 'well'
  if (!isWell) for (const entry of ledger.open()) entry.isExcused = true
  emptied()
  within(tab.life, () => void tab.core.queue.clear('consent'))
  await pass(storage.kind === 'remote' ? 1_000 : 0)
  // What other tabs hold they may write again.
  const left = tabs.length === 1 && storage.kind !== 'remote' ? [...storage.ids().keys()] : []
  if (isWell && left.length) ledger.fault(`${left} are stored after the visitor opted out`)
}

/** Asks for offers, as many at once as a session may. */
const occupy = (tab: Tab, visitor: number): void => {
  const route = { sessionId: `visitor-${visitor}`, timeout: 3000, retries: 0 }
  const ask = () => tab.core.edge(route)({ context: { channel: 'web' } })
  within(tab.life, () => {
    for (let call = 0; call < 4; call++) ask().catch(() => {})
  })
}

const take = async (world: World, step: Step): Promise<void> => {
  if (step.do === 'wait') return pass(step.ms)
  if (step.do === 'open') return void (world.tabs.length < 4 && world.open())
  if (step.do === 'online' || step.do === 'offline') return turn(world, step.do === 'online')
  if (!('tab' in step)) return ruin(world, step)
  const tab = chosen(world, step)
  if (!tab) return
  if (step.do === 'add') world.add(tab, step)
  else if (step.do === 'flush') await flush(tab, step.timeout, step.isAwaited)
  else if (step.do === 'crash') world.crash(tab)
  else if (step.do === 'optOut') await optOut(world, tab)
  else if (step.do === 'ask') occupy(tab, step.visitor)
  else if (step.do === 'close') await close(world, tab)
  else await live(world, tab, step)
}

/** What must be true between any two steps. */
const inspect = ({ ledger, storage, state, tabs, isVague }: World, step: Step): void => {
  const open = ledger.open()
  const stored = storage.ids()
  // Beyond two million characters everything else waits in memory.
  state.wasIll ||= storage.filled() > 1_900_000
  const missing = open.filter((entry) => !stored.has(entry.id) && !isVague(entry))
  if (missing.length) ledger.fault(`${missing.map(({ id }) => id)} are not stored after ${step.do}`)
  const [tab] = tabs
  // Whoever let go of what is stored does not hold it until it is found again.
  if (state.opened > 1 || state.hasLetGo || !tab) return
  const pending = tab.core.queue.pending()
  if (pending !== open.length) ledger.fault(`${pending} pending after ${step.do}, and not ${open.length}`)
}

/** What must be true in the end. */
const conclude = ({ ledger, tabs, storage, state }: World): void => {
  for (const { id, accepted, attempts } of ledger.open()) {
    ledger.fault(`${id} was ${accepted ? 'accepted and not told' : 'lost'}, after ${attempts.length} attempts`)
  }
  for (const { core, life } of tabs) {
    const pending = core.queue.pending()
    if (pending) ledger.fault(`${life.name} holds ${pending}`)
  }
  const left = [...storage.ids().keys()]
  if (left.length) ledger.fault(`${left} are still stored`)
  if (state.wasIll) return
  for (const { id, fates, isLost, isExcused } of ledger.entries.values()) {
    if (fates.length !== 1 && !isLost && !isExcused) ledger.fault(`${id} ended as ${fates}`)
  }
}

/** Everything is well again, for long enough. */
const heal = async (world: World): Promise<void> => {
  const { edge, storage, tabs, ledger } = world
  edge.state.isWell = true
  storage.state.health = 'well'
  turn(world, true)
  for (const tab of [...tabs]) if (tab.life.isFrozen) world.crash(tab)
  if (!tabs.length) world.open()
  const isOver = () => !tabs.some(({ core }) => core.queue.pending()) && !ledger.open().length && !storage.ids().size
  // What was under way when it seemed to be over may bring something back.
  for (let look = 0; look < 3; look++) {
    await pass(3_600_000, isOver)
    await pass(1_000)
  }
}

/** Plays steps in a new world, heals it, and gives what was found. */
export const play = async (parts: WorldParts, script: readonly Step[]): Promise<World> => {
  const world = createWorld(parts)
  world.open()
  await settled()
  for (const step of script) {
    await take(world, step)
    await settled()
    inspect(world, step)
  }
  await heal(world)
  conclude(world)
  for (const tab of world.tabs) tab.life.isDead = true
  return world
}

import { type Item, itemOf } from '../../src/notification/batch.ts'
import { createStore, type Store } from '../../src/notification/store.ts'
import { born, type Life, pass, randomOf, settled, startTime, within } from './life.ts'
import { createModelStorage, type Health, type ModelStorage, type StorageKind } from './model-storage.ts'
import { envelopeOf } from './tab.ts'

/** What happens next to one of those that live. */
export type Step =
  | { do: 'add' | 'settle'; owner: number; visitor: number }
  | { do: 'die' | 'suspend' | 'linger' | 'restore'; owner: number }
  | { do: 'open' }
  | { do: 'wait'; ms: number }
  | { do: 'storage'; health: Health }

interface Owner {
  life: Life
  store: Store
  held: Set<Item>
  isAway: boolean
  /** Rings when it has stayed after all. */
  stays: ReturnType<typeof setTimeout> | undefined
}

const idOf = ({ notification }: Item): string => notification.id

/** Owners of one storage, and who holds what. */
const createOwners = (storage: ModelStorage) => {
  const owners: Owner[] = []
  /** Who settled what. */
  const over = new Map<string, Owner>()
  /** Those of them that may be found all the same. */
  const late = new Set<string>()
  const lost = new Set<string>()
  const faults: string[] = []
  let added = 0
  let opened = 0

  const holders = (id: string): string[] =>
    owners.flatMap(({ life, held, isAway }) =>
      !isAway && [...held].some((item) => idOf(item) === id) ? [life.name] : [],
    )
  const take = (owner: Owner, items: readonly Item[]): void => {
    for (const item of items) {
      const id = idOf(item)
      if (over.has(id) && !late.has(id)) faults.push(`${owner.life.name} found ${id}, which is over`)
      const others = holders(id)
      if (others.length) faults.push(`${owner.life.name} found ${id}, which ${others} holds`)
      owner.held.add(item)
    }
  }
  /** Those that nobody holds. */
  const ownerless = (): string[] =>
    Array.from({ length: added }, (_, turn) => `n${turn}`).filter(
      (id) => !over.has(id) && !lost.has(id) && !holders(id).length,
    )
  const end = (owner: Owner, item: Item): void => {
    owner.held.delete(item)
    over.set(idOf(item), owner)
    within(owner.life, () => owner.store.remove(item))
  }
  /** The word that something is over may be on the way to a slow storage. */
  const noteLate = (owner: Owner): void => {
    if (storage.kind !== 'remote') return
    const stored = storage.ids()
    for (const [id, settler] of over) if (settler === owner && stored.has(id)) late.add(id)
  }
  const restore = (owner: Owner): void => {
    clearTimeout(owner.stays)
    owner.isAway = false
    owner.life.isFrozen = false
    within(owner.life, () => {
      const ours = owner.store.forget(owner.held)
      owner.held = new Set(ours)
      void owner.store.open(true)
    })
  }

  return {
    owners,
    over,
    lost,
    faults,
    open(): Owner {
      const life = born(`owner ${++opened}`)
      const owner: Owner = {
        life,
        store: undefined as unknown as Store,
        held: new Set(),
        isAway: false,
        stays: undefined,
      }
      owners.push(owner)
      within(life, () => {
        owner.store = createStore({
          storage: () => storage.viewOf(life),
          client: 'acme',
          now: () => Date.now(),
          onFound: (items) => take(owner, items),
          onPaused() {},
          onTrouble: (message, error) => faults.push(`${life.name}: ${message} ${error ?? ''}`),
        })
        void owner.store.open(true)
      })
      return owner
    },
    add(owner: Owner, visitor: number): void {
      const notification = { id: `n${added++}`, type: 'display' as const, timestamp: Date.now(), mbox: { name: 'm' } }
      const item = itemOf(notification, envelopeOf(visitor, 0), Date.now() + added / 1000)
      owner.held.add(item)
      within(owner.life, () => owner.store.add(item))
    },
    settle(owner: Owner, visitor: number): void {
      const item = [...owner.held].find(({ envelope }) => envelope.sessionId === `visitor-${visitor}`)
      if (item) end(owner, item)
    },
    die(owner: Owner): void {
      owner.life.isDead = true
      owners.splice(owners.indexOf(owner), 1)
      const stored = storage.ids()
      for (const id of ownerless()) {
        if (stored.has(id)) continue
        if (storage.kind !== 'remote') faults.push(`${id} was not stored when ${owner.life.name} died`)
        lost.add(id)
      }
      noteLate(owner)
    },
    async suspend(owner: Owner): Promise<void> {
      clearTimeout(owner.stays)
      within(owner.life, () => owner.store.close(false))
      owner.isAway = true
      noteLate(owner)
      // Who uses a slow storage is a process, and is not frozen in the middle of a call to it.
      await pass(storage.kind === 'remote' ? 1_000 : 0)
      owner.life.isFrozen = true
    },
    /** It says that it is about to go, and is still there after three seconds. */
    linger(owner: Owner): void {
      within(owner.life, () => {
        owner.store.close(true)
        clearTimeout(owner.stays)
        owner.stays = setTimeout(() => restore(owner), 3_000)
      })
    },
    restore,
    ownerless,
    /** Everything that is held ends. */
    settleAll(): void {
      for (const owner of owners) for (const item of [...owner.held]) end(owner, item)
    },
  }
}

type Owners = ReturnType<typeof createOwners>

const play = async (world: Owners, step: Exclude<Step, { do: 'storage' }>): Promise<void> => {
  if (step.do === 'wait') return pass(step.ms)
  if (step.do === 'open') {
    if (world.owners.length < 5) world.open()
    return
  }
  const fit = world.owners.filter(({ isAway }) => step.do === 'die' || isAway === (step.do === 'restore'))
  const owner = fit[step.owner % Math.max(1, fit.length)]
  if (!owner) return
  if (step.do === 'add') world.add(owner, step.visitor)
  else if (step.do === 'settle') world.settle(owner, step.visitor)
  else await world[step.do](owner)
}

/** Everybody who stays has found all that there is, and ends it. */
const conclude = async (world: Owners): Promise<void> => {
  for (const owner of [...world.owners]) if (owner.isAway) world.die(owner)
  if (!world.owners.length) world.open()
  // What an owner wrote while it went is found when what it wrote before is settled.
  for (let more = 0; more < 3; more++) {
    await pass(5 * 60_000)
    world.settleAll()
  }
  await pass(1_000)
}

/** Plays steps with owners of one storage, and gives what was wrong, who is held by nobody, and who is still stored. */
export const playOwners = async (kind: StorageKind, seed: number, steps: readonly Step[]) => {
  startTime(seed)
  const storage = createModelStorage(kind, randomOf(seed))
  const owners = createOwners(storage)
  owners.open()
  for (const step of steps) {
    if (step.do === 'storage') storage.state.health = step.health
    else await play(owners, step)
    await settled()
  }
  await conclude(owners)
  return { faults: owners.faults, ownerless: owners.ownerless(), stored: [...storage.ids().keys()] }
}

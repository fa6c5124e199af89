import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { fileStorage } from '../../src/server.ts'
import { OLD, rightNow, useClock } from './device-clock.ts'
import { byChance, randomOf } from './fault-plan.ts'
import { report } from './happenings.ts'
import { prepareProcesses, readJournal, recordsIn, startProcess } from './processes.ts'
import { countedIn, enter, eventually, once, openShop } from './shop.ts'

// Files survive their process, however it ends. All that was stored is counted once.

const SEED = 11
/** The longest that a process lives after its first report, in ms. */
const LIFE = 300

describe('processes that are killed by SIGKILL, in the middle of faults', () => {
  test('lose nothing that was stored, and count nothing twice: the next one sends what is left', async () => {
    const put = useClock()
    const shop = await openShop({ edge: { now: rightNow }, proxy: { drip: 50, smallest: 1_000 } })
    const { directory, ...settings } = await prepareProcesses(shop, 10)
    shop.proxy.use(byChance({ seed: SEED, rate: 0.3 }))
    const random = randomOf(SEED)
    let seed = 0
    const live = async () => {
      const child = startProcess({ ...settings, role: 'reports', directory, seed: ++seed })
      await child.started
      await pause(random() * LIFE)
      child.kill('SIGKILL')
      expect(await child.ended).toMatchObject({ code: null, signal: 'SIGKILL', said: '' })
    }
    for (let round = 0; round < 2; round++) await live()
    // Two at once share what the dead have left.
    await Promise.all([live(), live()])

    // What was on its way at a kill is sent again when it cannot be any more.
    put(60_000)
    const { told } = shop.open({ timeout: 600, notificationStorage: fileStorage(directory) })
    await eventually(() => expect(recordsIn(directory)).toEqual([]))
    const { reported, trouble } = readJournal(settings.journal)
    const counted = countedIn(shop.edge)
    expect(reported.length).toBeGreaterThan(50)
    expect(counted).toMatchObject(once(reported))
    // What was queued and not yet written down may have been counted, but once.
    expect(Object.values(counted).filter((times) => times.length !== 1)).toEqual([])
    expect([...trouble, ...told.rejected, ...told.dropped, ...told.warnings]).toEqual([])
    expect(told.sent.length).toBeGreaterThan(0)
  })
})

describe('a process that ends without closing', () => {
  test('leaves what it stored to the next one', async () => {
    const put = useClock()
    const shop = await openShop()
    const settings = await prepareProcesses(shop, 4)
    expect(await startProcess({ ...settings, role: 'ends' }).ended).toEqual({ code: 0, signal: null, said: '' })
    const { reported } = readJournal(settings.journal)
    expect(reported).toHaveLength(20)
    expect(countedIn(shop.edge)).toEqual({})
    put(OLD)
    const { told } = shop.open({ notificationStorage: fileStorage(settings.directory) })
    await eventually(() => expect(told.sent).toHaveLength(20))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(shop.edge.ledger.repeats).toBe(0)
    await eventually(() => expect(readdirSync(settings.directory)).toEqual([]))
  })
})

test('two clients with one directory each send their own, and nothing twice', async () => {
  const shop = await openShop()
  const directory = shop.directory()
  const clients = [1, 2].map(() => shop.open({ notificationStorage: fileStorage(directory) }))
  const reported = []
  for (const { client } of clients) reported.push(...report(await enter(client), 120))
  await eventually(() => expect(clients.map(({ told }) => told.sent.length)).toEqual([120, 120]))
  expect(countedIn(shop.edge)).toEqual(once(reported))
  expect(shop.edge.ledger.repeats).toBe(0)
  for (const { client } of clients) await client.close()
  expect(readdirSync(directory)).toEqual([])
})

test('a directory that somebody removes: all is delivered, and a warning says so', async () => {
  const shop = await openShop()
  const directory = join(shop.directory(), 'store')
  const { client, told } = shop.open({ notificationStorage: fileStorage(directory), notificationDelay: 50 })
  const guest = await enter(client)
  const reported = report(guest, 10)
  await Promise.resolve()
  expect(recordsIn(directory)).toHaveLength(1)
  rmSync(directory, { recursive: true })
  for (let more = 0; more < 5; more++) {
    reported.push(...report(guest, 20))
    await Promise.resolve()
  }
  await eventually(() => expect(told.sent).toHaveLength(110))
  expect(countedIn(shop.edge)).toEqual(once(reported))
  expect(new Set(told.warnings)).toEqual(new Set([expect.stringContaining('they wait in memory')]))
  expect(await client.close()).toEqual({ sent: 0, rejected: 0, pending: 0 })
  expect(existsSync(directory)).toBe(false)
})

test('what a kill left half written is no record, and goes after a minute; what is no record is removed and told', async () => {
  const shop = await openShop()
  const directory = shop.directory()
  const record = 'isotarget%3Aacme%3A1%3Aabcdefabcdef%3A0'
  const [old, young] = [`${record}.1.tmp`, `${record}.2.tmp`]
  for (const name of [old, young]) writeFileSync(join(directory, name), '[["s1","35",{}],[[1,0,{"id":"n1"')
  utimesSync(join(directory, old), new Date(Date.now() - 61_000), new Date(Date.now() - 61_000))
  writeFileSync(join(directory, record), '[["s1","35",{}],[[1,0,{"id":"n1"')
  mkdirSync(join(directory, 'of another program'))
  const { told } = shop.open({ notificationStorage: fileStorage(directory) })
  await eventually(() => expect(told.warnings).toHaveLength(1))
  expect(told.warnings[0]).toContain('isotarget:acme:1:abcdefabcdef:0')
  await eventually(() => expect(readdirSync(directory).sort()).toEqual([young, 'of another program'].sort()))
})

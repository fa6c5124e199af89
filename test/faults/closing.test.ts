import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fileStorage } from '../../src/server.ts'
import { OLD, useClock } from './device-clock.ts'
import { inTurn } from './fault-plan.ts'
import { report } from './happenings.ts'
import { prepareProcesses, readJournal, recordsIn, startProcess } from './processes.ts'
import { countedIn, enter, eventually, idsOf, once, openShop } from './shop.ts'

// The end of a client and of its process: what waits goes out in time, what cannot is told, and nothing keeps a process alive.

describe('flush', () => {
  test('resolves when its time is over, and what is under way goes on', async () => {
    const shop = await openShop({ proxy: { drip: 500 } })
    const { client, told } = shop.open()
    const guest = await enter(client)
    shop.proxy.use(inTurn('slow'))
    const reported = report(guest, 20)
    expect(await client.flush({ timeout: 50 })).toEqual({ sent: 0, rejected: 0, pending: 20 })
    await eventually(() => expect(told.sent).toHaveLength(20))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(shop.edge.ledger.repeats).toBe(0)
  })

  test('several at once settle each notification once', async () => {
    const shop = await openShop()
    const { client, told } = shop.open()
    const guest = await enter(client)
    const reported = report(guest, 120)
    const results = await Promise.all([client.flush(), guest.target.flush(), client.flush()])
    expect(results.map(({ pending }) => pending)).toEqual([0, 0, 0])
    expect(told.sent).toEqual(idsOf(reported))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(shop.edge.ledger.repeats).toBe(0)
  })

  test('does not let what came later overtake what failed', async () => {
    const shop = await openShop()
    const { client } = shop.open({ retries: 0, notificationDelay: 60_000 })
    const guest = await enter(client)
    const reported = report(guest, 120)
    shop.proxy.use(inTurn('500'))
    expect(await client.flush()).toEqual({ sent: 0, rejected: 0, pending: 120 })
    expect(countedIn(shop.edge)).toEqual({})
    expect(await client.flush()).toEqual({ sent: 120, rejected: 0, pending: 0 })
    expect([...new Set(shop.edge.ledger.entries.flatMap(({ notification }) => notification ?? []))]).toEqual(
      idsOf(reported),
    )
  })
})

describe('close', () => {
  test('delivers what waits of all visitors, and refuses what comes later with a code', async () => {
    const shop = await openShop()
    const { client, told } = shop.open({ notificationDelay: 60_000 })
    const guests = await Promise.all(Array.from({ length: 5 }, () => enter(client)))
    const reported = guests.flatMap((guest) => report(guest, 60))
    expect(await client.close()).toEqual({ sent: 300, rejected: 0, pending: 0 })
    expect(countedIn(shop.edge)).toEqual(once(reported))

    await expect(enter(client)).rejects.toMatchObject({ code: 'CLOSED' })
    expect(idsOf(report(guests[0]!, 5))).toEqual(['', '', '', '', ''])
    expect(told.rejected.map(({ why }) => why)).toEqual(Array(5).fill('CLOSED'))
    expect(await client.close()).toEqual({ sent: 0, rejected: 0, pending: 0 })
  })

  test('tries again as often as it may', async () => {
    const shop = await openShop()
    const { client, told } = shop.open({ notificationDelay: 30 })
    const guest = await enter(client)
    shop.proxy.use(inTurn('reset-before', '502'))
    const reported = report(guest, 120)
    expect(await client.close()).toEqual({ sent: 120, rejected: 0, pending: 0 })
    expect(told.retries).toHaveLength(2)
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(shop.edge.ledger.repeats).toBe(0)
  })

  test('begins no call that it would have to break off', async () => {
    const put = useClock()
    const shop = await openShop({ proxy: { drip: 300 } })
    const directory = shop.directory()
    const first = shop.open({ notificationStorage: fileStorage(directory), retries: 0 })
    const [failing, slow] = [await enter(first.client), await enter(first.client)]
    const before = shop.proxy.calls.length
    shop.proxy.use((session) => (session === failing.sessionId ? '500' : 'slow'))
    const reported = [...report(failing, 5), ...report(slow, 5)]
    expect(await first.client.close()).toEqual({ sent: 5, rejected: 0, pending: 5 })
    expect(shop.proxy.calls).toHaveLength(before + 2)
    shop.proxy.use(() => undefined)
    put(OLD)
    const next = shop.open({ notificationStorage: fileStorage(directory) })
    await eventually(() => expect(next.told.sent).toHaveLength(5))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(shop.edge.ledger.repeats).toBe(0)
  })

  test('ends with its time though nobody answers; what is stored is left to the next one', async () => {
    const put = useClock()
    const shop = await openShop()
    const directory = shop.directory()
    const first = shop.open({ notificationStorage: fileStorage(directory), timeout: 60_000 })
    const guest = await enter(first.client)
    shop.proxy.use(() => '500')
    const reported = report(guest, 60)
    expect(await first.client.close({ timeout: 100 })).toEqual({ sent: 0, rejected: 0, pending: 60 })
    expect(first.client.pending()).toBe(0)
    shop.proxy.use(() => undefined)
    // What was broken off may be on its way for a while.
    put(60_000)
    const next = shop.open({ notificationStorage: fileStorage(directory) })
    await eventually(() => expect(next.told.sent).toHaveLength(60))
    expect(countedIn(shop.edge)).toEqual(once(reported))
  })

  test('without a storage what is pending is tried again while the process runs', async () => {
    const shop = await openShop()
    const { client, told } = shop.open({ retries: 0 })
    const guest = await enter(client)
    shop.proxy.use(inTurn('500'))
    const reported = report(guest, 60)
    expect(await client.close()).toEqual({ sent: 0, rejected: 0, pending: 60 })
    await eventually(() => expect(told.sent).toHaveLength(60))
    expect(countedIn(shop.edge)).toEqual(once(reported))
  })

  test('on the client of one visitor only flushes', async () => {
    const shop = await openShop()
    const { client } = shop.open()
    const guest = await enter(client)
    const reported = report(guest, 5)
    expect(await guest.target.close()).toEqual({ sent: 5, rejected: 0, pending: 0 })
    reported.push(...report(guest, 5))
    expect(await client.close()).toEqual({ sent: 5, rejected: 0, pending: 0 })
    expect(countedIn(shop.edge)).toEqual(once(reported))
  })

  test('comes by itself at the end of a block', async () => {
    const shop = await openShop()
    let reported: ReturnType<typeof report> = []
    {
      await using client = shop.open({ notificationDelay: 60_000 }).client
      reported = report(await enter(client), 120)
      expect(countedIn(shop.edge)).toEqual({})
    }
    expect(countedIn(shop.edge)).toEqual(once(reported))
  })
})

describe('a process', () => {
  const FINE = { code: 0, signal: null, said: '' }

  test('that has a client, or several, and nothing to do ends by itself', async () => {
    const shop = await openShop()
    const { directory, ...settings } = await prepareProcesses(shop, 1)
    const [inMemory, inFiles] = [{}, { directory }].map((more) => startProcess({ ...settings, ...more, role: 'idles' }))
    expect(await Promise.all([inMemory!.ended, inFiles!.ended])).toEqual([FINE, FINE])
  })

  test('that waits for a better time is not kept alive by it', async () => {
    const shop = await openShop({ proxy: { retryAfter: 3600 } })
    const { directory, ...settings } = await prepareProcesses(shop, 2)
    shop.proxy.use(() => '503')
    expect(await startProcess({ ...settings, role: 'closes' }).ended).toEqual(FINE)
    expect(readJournal(settings.journal).results).toEqual([{ sent: 0, rejected: 0, pending: 240 }])
    expect(recordsIn(directory)).toEqual([])
  })

  test('that closes, or leaves a block, has lost nothing', async () => {
    const shop = await openShop()
    const { directory, ...settings } = await prepareProcesses(shop, 2)
    const closing = startProcess({ ...settings, role: 'closes' })
    const leaving = startProcess({ ...settings, directory, role: 'disposes' })
    expect(await Promise.all([closing.ended, leaving.ended])).toEqual([FINE, FINE])
    const { reported, results } = readJournal(settings.journal)
    expect(results).toEqual([{ sent: 240, rejected: 0, pending: 0 }])
    expect(reported).toHaveLength(480)
    expect(countedIn(shop.edge)).toEqual(once(reported))
    expect(readdirSync(directory)).toEqual([])
  })

  test('whose edge answers nothing closes in time, and ends', async () => {
    const shop = await openShop()
    const { directory, ...settings } = await prepareProcesses(shop, 1)
    shop.proxy.use(() => 'hang')
    expect(await startProcess({ ...settings, directory, role: 'closes', timeout: 200 }).ended).toEqual(FINE)
    const { reported, results } = readJournal(settings.journal)
    expect(results).toEqual([{ sent: 0, rejected: 0, pending: 120 }])
    expect(reported).toHaveLength(120)
    expect(recordsIn(directory)).not.toEqual([])
  })

  test('that gets SIGTERM, with the line of the documentation, delivers what waits and ends', async () => {
    const shop = await openShop()
    const { directory: _, ...settings } = await prepareProcesses(shop, 3)
    const server = startProcess({ ...settings, role: 'serves' })
    await server.started
    server.kill('SIGTERM')
    expect(await server.ended).toEqual(FINE)
    const { reported } = readJournal(settings.journal)
    expect(reported).toHaveLength(360)
    expect(countedIn(shop.edge)).toEqual(once(reported))
  })

  test('that gets SIGTERM while the edge is down says what was not sent, and leaves it to the next one', async () => {
    const put = useClock()
    const shop = await openShop({ proxy: { retryAfter: 1 } })
    const { directory, ...settings } = await prepareProcesses(shop, 3)
    shop.proxy.use(() => '503')
    const server = startProcess({ ...settings, directory, role: 'serves' })
    await server.started
    server.kill('SIGTERM')
    expect(await server.ended).toEqual({
      code: 0,
      signal: null,
      said: '0 notifications were rejected, 360 were not sent\n',
    })
    shop.proxy.use(() => undefined)
    put(OLD)
    const { told } = shop.open({ notificationStorage: fileStorage(directory) })
    await eventually(() => expect(told.sent).toHaveLength(360))
    expect(countedIn(shop.edge)).toEqual(once(readJournal(settings.journal).reported))
  })
})

import { describe, expect, test } from 'vitest'
import { acceptedIn, countedIn, eventually, idsOf, once, openShop } from './shop.ts'
import { createLocalStorage, leaveOffline, openShopPage, recordsIn } from './shop-page.ts'

// What a page finds in its storage may be anything: what is no record is removed, what is of somebody else is left alone.

describe('a record that is corrupted', () => {
  /** What may become of the text of a record. */
  const BROKEN: ((text: string) => string)[] = [
    () => 'no record',
    () => '',
    (text) => text.slice(0, text.length / 2),
    (text) => text.slice(0, -1),
    () => '5',
    () => 'null',
    () => '[]',
    () => '{}',
    () => '[["s1","35",{}],[]]',
    () => '[["s1","35",{}],{"length":1}]',
    () => '[["s1","35",{}],[[1,0,{"id":"n1"}]]]',
    () => '[["s1","35",{}],[[1,0,null]]]',
    () => '[["s1","35",{}],[5]]',
    () => '[[5,"35",{}],[[1,0,{"id":"n1","type":"display"}]]]',
    () => '[["s1","35"],[[1,0,{"id":"n1","type":"display"}]]]',
  ]

  test('is removed and told, and keeps nothing else', async () => {
    const shop = await openShop()
    const storage = createLocalStorage()
    const { reported } = await leaveOffline(shop, { storage, count: 10 })
    const [[key, text]] = recordsIn(storage) as [[string, string]]
    // Each beside the good record, and as all that a page left.
    const spoiled = BROKEN.flatMap((spoil, index) => {
      const names = [`${key}z${index}`, `isotarget:acme:1:abcdef${index}:0`]
      for (const name of names) storage.setItem(name, spoil(text))
      return names
    })
    storage.setItem('of another program', 'no record')
    const { told } = openShopPage(shop, { storage })
    await eventually(() => expect(told.sent).toHaveLength(10))
    await eventually(() => expect(Object.keys(storage)).toEqual(['of another program']))
    expect(countedIn(shop.edge)).toEqual(once(reported))
    const removed = spoiled.map((name) => `A stored record cannot be read and was removed: ${name}`)
    expect([...told.warnings].sort()).toEqual(removed.sort())
  })

  test('names no host: a cluster in it is digits or nothing', async () => {
    const shop = await openShop()
    const storage = createLocalStorage()
    const { reported } = await leaveOffline(shop, { storage, count: 5 })
    const [[key, text]] = recordsIn(storage) as [[string, string]]
    storage.setItem(key, text.replace(',"35",', ',"35.evil.example/",'))
    const hosts: string[] = []
    const { told } = openShopPage(shop, {
      storage,
      overrideMboxEdgeServer: true,
      fetchApi(input, init) {
        const { host, pathname, search } = new URL(`${input}`)
        hosts.push(host)
        return fetch(`${shop.proxy.url}${pathname}${search}`, init)
      },
    })
    await eventually(() => expect(told.sent).toHaveLength(5))
    expect(hosts).toEqual([`127.0.0.1:${shop.proxy.port}`])
    expect(countedIn(shop.edge)).toEqual(once(reported))
  })
})

test('records of older and newer versions, and of other accounts, are left alone and not sent', async () => {
  const shop = await openShop()
  const storage = createLocalStorage()
  const { reported } = await leaveOffline(shop, { storage, count: 5 })
  const [[key, text]] = recordsIn(storage) as [[string, string]]
  const foreign = ['acme:0', 'acme:2', 'acme:10', 'acme:x', 'other:1'].map((whose) => key.replace('acme:1', whose))
  for (const name of foreign) storage.setItem(name, text.replaceAll(reported[0]!.id, 'of another version'))
  const before = Object.fromEntries(foreign.map((name) => [name, storage.getItem(name)]))
  const { client, told } = openShopPage(shop, { storage })
  await eventually(() => expect(told.sent).toHaveLength(5))
  await client.flush()
  expect(acceptedIn(shop.edge)).toEqual(idsOf(reported))
  expect({ ...storage }).toEqual(before)
  expect(told.warnings).toEqual([])
})

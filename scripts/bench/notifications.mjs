// A thousand displays of one visitor, reported: calls that arrive, and CPU of each display until it is acknowledged.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { display, fileStorage, mboxes, TargetClient } from 'isotarget/server'
import { cpuOf, median, post } from './edge.mjs'

export const NOTIFICATIONS = 1000
const ROUNDS = 5

export const benchNotifications = async ({ url, count, ours, theirs }) => {
  const { response } = await ours.getOffers({
    request: { prefetch: { mboxes: mboxes('home') } },
    sessionId: 'displays',
  })
  const [home] = response.prefetch.mboxes
  const each = async (send) => {
    for (let shown = 0; shown < NOTIFICATIONS; shown++) await send({ notifications: [display(home)] })
  }
  const contenders = {
    'bare fetch, one each': () => each((request) => post(url, { context: { channel: 'web' }, ...request })),
    isotarget: async () => {
      for (let shown = 0; shown < NOTIFICATIONS; shown++) ours.display(home)
      const { sent } = await ours.flush()
      if (sent !== NOTIFICATIONS) throw new Error(`${sent} of ${NOTIFICATIONS} were acknowledged`)
    },
    '@adobe/target-nodejs-sdk': () => each((request) => theirs.sendNotifications({ request, sessionId: 'displays' })),
  }
  const rows = Object.keys(contenders).map((name) => ({ name, cpu: [], calls: 0 }))
  for (let round = -1; round < ROUNDS; round++) {
    for (const row of rows) {
      const before = await count()
      const cpu = await cpuOf(NOTIFICATIONS, contenders[row.name])
      if (round >= 0) row.cpu.push(cpu)
      row.calls = (await count()) - before
    }
  }
  return rows.map(({ name, cpu, calls }) => ({ name, calls, cpu: median(cpu) }))
}

/** What `display()` keeps its caller from, in microseconds, each the mean of as many as one call holds. */
export const benchDisplay = async (target) => {
  const { response } = await target.getOffers({ request: { prefetch: { mboxes: mboxes('home') } }, sessionId: 'one' })
  const [home] = response.prefetch.mboxes
  const means = { alone: [], together: [] }
  const sample = async (into, work) => {
    const start = performance.now()
    await work()
    into.push(((performance.now() - start) * 1000) / 49)
    await target.flush()
  }
  for (let batch = 0; batch < 60; batch++) {
    await sample(means.together, async () => {
      for (let shown = 0; shown < 49; shown++) target.display(home)
    })
    await sample(means.alone, async () => {
      for (let shown = 0; shown < 49; shown++) {
        target.display(home)
        // Microtasks run before this goes on, and with them the write to a storage.
        await undefined
      }
    })
  }
  return { alone: median(means.alone), together: median(means.together) }
}

/** The same with each notification kept in a file until it is acknowledged. */
export const benchFiles = async ({ account }) => {
  const directory = mkdtempSync(join(tmpdir(), 'isotarget-bench-'))
  const target = TargetClient.create({ ...account, notificationStorage: fileStorage(directory) })
  const means = await benchDisplay(target)
  await target.close()
  rmSync(directory, { recursive: true })
  return means
}

// A process that reports until it is killed. It writes down what it has reported, once it is stored.
import { openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { click, display, fileStorage, TargetClient } from 'isotarget/server'
import { createHappenings } from './shop.mjs'

const { directory, journal, visitors, seed, port, patience, isLast } = JSON.parse(process.argv[2])
const file = openSync(journal, 'a')
const write = (line) => writeSync(file, `${JSON.stringify(line)}\n`)

const target = TargetClient.create({
  client: 'acme',
  organizationId: 'ABC@AdobeOrg',
  serverDomain: `127.0.0.1:${port}`,
  secure: false,
  telemetryEnabled: false,
  timeout: 600,
  notificationDelay: 20,
  notificationStorage: fileStorage(directory),
})
target.on('notificationRejected', ({ error }) => write({ ending: 'rejected', what: `${error}` }))
target.on('notificationDropped', ({ reason }) => write({ ending: 'dropped', what: reason }))
target.on('warning', ({ message }) => write({ ending: 'trouble', what: message }))

/** Stored records are of a version; the other files are names that somebody holds, and notes. */
const records = () => readdirSync(directory).filter((file) => /%3A\d+%3A/.test(file) && !file.endsWith('.tmp'))

const people = JSON.parse(readFileSync(visitors, 'utf8')).map(({ sessionId, id, places }) => {
  const later = Math.floor(Date.now() / 1000) + 1800
  const cookie = `session#${sessionId}#${later}|PC#${id.tntId}#${later}`
  return { places, one: target.visitor(`mbox=${encodeURIComponent(cookie)}`) }
})

const report = ({ visitor, kind, mbox, order }) => {
  const { places, one } = people[visitor]
  if (kind === 'conversion') return one.track(mbox, { order })
  return one.notify((kind === 'click' ? click : display)(places[mbox]))
}

const live = async () => {
  const { next, upTo, random } = createHappenings(seed)
  for (;;) {
    const events = Array.from({ length: 1 + upTo(4) }, () => next(upTo(people.length))).flat()
    const lines = events.map((event) => ({ id: report(event).id, kind: event.kind, visitor: event.visitor }))
    // What was reported is promised to be stored when the task has ended.
    await new Promise((go) => setImmediate(go))
    for (const line of lines) write(line)
    process.send('going')
    await pause(random() * 20)
  }
}

const finish = async () => {
  process.send('going')
  const until = Date.now() + patience
  while ((target.pending() || records().length) && Date.now() < until) {
    await target.flush()
    await pause(100)
  }
  await target.close({ timeout: 1000 })
  process.disconnect()
}

await (isLast ? finish() : live())

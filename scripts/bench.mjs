// What the SDK costs, beside a bare `fetch` and beside Adobe's Node.js SDK, in one run. Contenders take turns, so that a busy
// machine slows all of them alike; CPU time is what is compared, and the ratio is what counts.
// Usage: npm run bench [-- --json]
import { fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { freshDist } from './fresh-dist.mjs'

const ROUNDS = 15
const CALLS = 300
const NOTIFICATIONS = 1000

const server = fileURLToPath(new URL('bench-server.mjs', import.meta.url))
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]

/** CPU microseconds per call, user and system, of this process alone. */
const cpuOf = async (calls, work) => {
  globalThis.gc?.()
  const before = process.cpuUsage()
  for (let call = 0; call < calls; call++) await work(call)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / calls
}

const startServer = async () => {
  const child = fork(server)
  const port = await new Promise((resolve) => child.once('message', resolve))
  const count = () =>
    new Promise((resolve) => {
      child.once('message', resolve)
      child.send('count')
    })
  return { port, count, stop: () => child.kill() }
}

freshDist()
const { TargetClient, mboxes } = await import('isotarget/server')
const adobe = createRequire(import.meta.url)('@adobe/target-nodejs-sdk')
const { port, count, stop } = await startServer()
const account = { client: 'acme', organizationId: 'ABC@AdobeOrg', serverDomain: `127.0.0.1:${port}`, secure: false }
const ours = TargetClient.create(account)
const theirs = adobe.create({ ...account, fetchApi: fetch, logger: undefined })

const request = () => ({
  context: { channel: 'web', userAgent: 'bench', address: { url: 'https://shop.example/' } },
  prefetch: {
    mboxes: [
      { name: 'home', index: 0 },
      { name: 'product1', index: 1 },
    ],
  },
})
const url = `http://127.0.0.1:${port}/rest/v1/delivery?imsOrgId=ABC%40AdobeOrg&sessionId=s`
const bare = async () => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request()),
  })
  return response.json()
}

const contenders = {
  'bare fetch + json()': bare,
  isotarget: (call) => ours.getOffers({ request: request(), sessionId: `s${call}` }),
  '@adobe/target-nodejs-sdk': (call) => theirs.getOffers({ request: request(), sessionId: `s${call}` }),
}

const samples = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
for (let round = -3; round < ROUNDS; round++) {
  for (const [name, work] of Object.entries(contenders)) {
    const cpu = await cpuOf(CALLS, work)
    if (round >= 0) samples[name].push(cpu)
  }
}

const { response } = await ours.getOffers({ request: { prefetch: { mboxes: mboxes('home') } }, sessionId: 'displays' })
const [home] = response.prefetch.mboxes
const display = []
for (let batch = 0; batch < 20; batch++) {
  const start = performance.now()
  for (let shown = 0; shown < 49; shown++) ours.display(home)
  display.push(((performance.now() - start) * 1000) / 49)
  await ours.flush()
}
const before = await count()
for (let shown = 0; shown < NOTIFICATIONS; shown++) ours.display(home)
const flushed = await ours.flush()
const calls = (await count()) - before
await ours.close()
stop()

const base = median(samples['bare fetch + json()'])
const rows = Object.entries(samples).map(([name, values]) => ({
  name,
  cpu: median(values),
  // Rounds are compared with their own neighbour, so that a slow moment of the machine does not count.
  ratio: median(values.map((value, round) => value / samples['bare fetch + json()'][round])),
}))
const result = {
  node: process.version,
  rows,
  base,
  displayMicroseconds: median(display),
  notifications: { flushed, calls },
}

if (process.argv.includes('--json')) console.log(JSON.stringify(result, null, 2))
else {
  console.log(`CPU per remote getOffers, Node.js ${process.version}, ${ROUNDS} rounds of ${CALLS} calls\n`)
  for (const { name, cpu, ratio } of rows) {
    console.log(`  ${name.padEnd(26)} ${cpu.toFixed(0).padStart(6)} µs   ${ratio.toFixed(2)} x fetch`)
  }
  console.log(`\ndisplay() on the main thread: ${result.displayMicroseconds.toFixed(1)} µs at the median`)
  console.log(
    `${NOTIFICATIONS} notifications of one visitor: ${calls} calls, ${flushed.sent} acknowledged (Adobe's SDK: 1 call each)`,
  )
}

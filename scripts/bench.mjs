// What the SDK costs, beside a bare `fetch` and beside Adobe's Node.js SDK, in one run. CPU time is what is compared, and the ratio
// is what counts.
// Usage: npm run bench [-- --json]
import { freshDist } from './fresh-dist.mjs'

freshDist()
const { startEdge } = await import('./bench/edge.mjs')
const { benchOffers, CALLS, ROUNDS } = await import('./bench/offers.mjs')
const { benchDisplay, benchFiles, benchNotifications, NOTIFICATIONS } = await import('./bench/notifications.mjs')
const { benchPages } = await import('./bench/page.mjs')

const edge = await startEdge()
const result = {
  node: process.version,
  offers: await benchOffers(edge),
  notifications: await benchNotifications(edge),
  display: [
    { where: 'Node.js, in memory', ...(await benchDisplay(edge.ours)) },
    { where: 'Node.js, in files', ...(await benchFiles(edge)) },
    ...(await benchPages(edge)),
  ],
}
await edge.ours.close()
edge.stop()

const print = () => {
  const { offers, notifications, display } = result
  console.log(`CPU of a remote getOffers, Node.js ${process.version}, ${ROUNDS} rounds of ${CALLS} calls\n`)
  for (const { name, cpu, ratio } of offers) {
    console.log(`  ${name.padEnd(26)} ${cpu.toFixed(0).padStart(6)} µs   ${ratio.toFixed(2)} x fetch`)
  }
  console.log(`\n${NOTIFICATIONS} displays of one visitor, acknowledged\n`)
  for (const { name, calls, cpu } of notifications) {
    console.log(`  ${name.padEnd(26)} ${`${calls}`.padStart(6)} calls ${cpu.toFixed(0).padStart(6)} µs of CPU each`)
  }
  console.log('\ndisplay() on the main thread, its record in the storage included, at the median\n')
  for (const { where, alone, together } of display) {
    const columns = [alone, together].map((mean) => mean.toFixed(1).padStart(6))
    console.log(`  ${where.padEnd(26)} ${columns[0]} µs alone in its task ${columns[1]} µs with others`)
  }
}

if (process.argv.includes('--json')) console.log(JSON.stringify(result, null, 2))
else print()

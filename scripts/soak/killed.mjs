import { fork } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { byChance, randomOf } from '../../test/faults/fault-plan.ts'
import { openShop } from './node.mjs'
import { enterBy } from './shop.mjs'
import { tallyOf, wireOf } from './tally.mjs'

const VISITORS = 20
/** The longest that a child lives after it has begun to report, in ms. */
const LIFE = 600
/** How long the last child may need, in ms. */
const PATIENCE = 60_000

const child = new URL('killed-child.mjs', import.meta.url)

/** A child that has begun; `end` resolves with how it ended. */
const start = async (settings) => {
  const process = fork(child, [JSON.stringify(settings)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const end = new Promise((resolve) => process.once('exit', (code, signal) => resolve({ code, signal })))
  await Promise.race([new Promise((resolve) => process.once('message', resolve)), end])
  return { kill: () => process.kill('SIGKILL'), end }
}

/** What the children wrote: lines of JSON, of which a kill may have cut the last. */
const linesOf = (path) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => (line.endsWith('}') ? [JSON.parse(line)] : []))

/** One child after the other, and now and then two at once, which share what the dead have left. */
const killThem = async ({ rounds, random, settingsOf, say }) => {
  for (let round = 0; round < rounds; round++) {
    const isPair = round % 5 === 4
    const children = await Promise.all(
      Array.from({ length: isPair ? 2 : 1 }, (_, index) => start(settingsOf(2 * round + index))),
    )
    for (const { kill, end } of children) {
      await pause(random() * LIFE)
      kill()
      await end
    }
    if (round % 10 === 9) say(`killed: ${round + 1} rounds`)
  }
}

/** Processes that share a directory are killed at moments that the seed decides; the last one sends what they have left. */
export const soakKilled = async ({ seed, rate, rounds, say }) => {
  const { edge, url, proxy, close } = await openShop()
  const home = mkdtempSync(join(tmpdir(), 'isotarget-soak-'))
  const paths = { directory: join(home, 'store'), journal: join(home, 'journal'), visitors: join(home, 'visitors') }
  const visitors = []
  for (let index = 0; index < VISITORS; index++) visitors.push(await enterBy(url, `k${index}`))
  writeFileSync(paths.visitors, JSON.stringify(visitors))
  writeFileSync(paths.journal, '')
  proxy.use(byChance({ seed, rate }))

  const began = performance.now()
  const settingsOf = (turn) => ({ ...paths, seed: seed * 1000 + turn, port: proxy.port, patience: PATIENCE })
  await killThem({ rounds, random: randomOf(seed), settingsOf, say })
  const stored = readdirSync(paths.directory).length
  say(`killed: the last one takes up ${stored} files`)
  const last = await start({ ...settingsOf(2 * rounds), isLast: true })
  const { code } = await last.end
  const seconds = (performance.now() - began) / 1000

  const lines = linesOf(paths.journal)
  const tally = tallyOf(
    lines.filter(({ kind }) => kind),
    edge.ledger,
  )
  const ended = { rejected: [], dropped: [], trouble: [] }
  for (const { ending, what } of lines.filter(({ ending }) => ending)) ended[ending].push(what)
  const left = readdirSync(paths.directory)
  const kills = rounds + Math.floor(rounds / 5)
  await close()
  rmSync(home, { recursive: true })
  return { name: 'isotarget, killed', ...tally, ...wireOf(proxy.calls), ...ended, seconds, kills, stored, left, code }
}

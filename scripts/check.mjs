// Usage: npm run check
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { freshDist } from './fresh-dist.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** A name, then a program in node_modules/.bin and its arguments; the slowest first, so that two at a time end together. */
const checks = [
  ['exports and types of the package', 'attw', '--pack', '--profile', 'node16'],
  ['types', 'tsc', '--project', 'tsconfig.json'],
  ['types without DOM and Node', 'tsc', '--project', 'tsconfig.neutral.json'],
  ['package', 'publint', '--strict'],
  ['dead code', 'knip'],
  ['fences', 'depcruise', 'src'],
  ['format and lint', 'biome', 'check', '--error-on-warnings', '.'],
]

const run = ([, program, ...args]) =>
  new Promise((done) => {
    const child = spawn(process.execPath, [`node_modules/.bin/${program}`, ...args], { cwd: root })
    let output = ''
    const collect = (chunk) => {
      output += chunk
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('close', (code) => done({ passed: code === 0, output }))
  })

const worker = async (queue) => {
  for (let check = queue.shift(); check; check = queue.shift()) {
    const start = performance.now()
    const { passed, output } = await run(check)
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    console.log(`${passed ? '✓' : '✗'} ${check[0]} ${seconds} s`)
    if (passed) continue
    console.log(output)
    process.exitCode = 1
  }
}

freshDist()
const queue = [...checks]
await Promise.all([worker(queue), worker(queue)])

import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { freshDist } from '../scripts/fresh-dist.mjs'
import { EXAMPLES, missingNode, runScript } from './example.mjs'

const HELP = `A small shop with offers, and a local Target edge that counts: no account, no network.

  npm run demo                   serves it at http://localhost:8787/
  npm run demo -- --port 9000    on another port; 0 takes a free one
  npm run demo -- next           builds and starts the shop as an app of Next.js too, at http://localhost:3000/;
                                 so do express, hono, sveltekit and vue. PORT=3001 before it is another port
  npm run demo -- --help         shows this`

/** Says in one line what is wrong, and ends. */
const fail = (line) => {
  console.error(line)
  process.exit(1)
}

const options = () => {
  try {
    return parseArgs({
      options: { port: { type: 'string', default: '8787' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    })
  } catch (error) {
    return fail(`${error.message.split('\n')[0]} See --help.`)
  }
}

const {
  values: { port, help },
  positionals: [example, ...more],
} = options()
if (help) {
  console.log(HELP)
  process.exit()
}
if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) fail(`Port ${port} is no port: use 0 to 65535.`)
if (more.length) fail('One example at a time. See --help.')
if (example && !EXAMPLES.includes(example)) fail(`There is no example ${example}: take ${EXAMPLES.join(', ')}.`)
const missing = missingNode(example)
if (missing) fail(`demo/${example} needs Node.js ${missing} or newer, and this is ${process.versions.node}.`)

console.log('Building the package, unless it is up to date …')
freshDist()
// Only now: the shop imports the package as its users do, so it has to be built.
const { createShop } = await import('./server.mjs')

const shop = createShop()
shop.on('error', (error) =>
  fail(
    error.code === 'EADDRINUSE'
      ? `Port ${port} is taken: choose another with --port, or 0 for a free one.`
      : `The shop cannot listen on port ${port}: ${error.message}`,
  ),
)
let running
const close = () => {
  running?.kill()
  shop.close()
  shop.closeAllConnections()
}

/** The example as it is in production, which asks the edge of the shop. */
const startExample = async (edge) => {
  const { PORT = '3000' } = process.env
  const env = { PORT, ORIGIN: `http://localhost:${PORT}`, TARGET_EDGE: edge }
  for (const script of ['build', 'start']) {
    running = runScript(example, script, { env, stdio: 'inherit' })
    const [code, signal] = running ? await once(running, 'exit') : [0]
    running = undefined
    if (signal || !shop.listening) return
    if (code) fail(`demo/${example} ended with ${code}.`)
  }
  close()
}

shop.listen(Number(port), '127.0.0.1', () => {
  const address = `http://localhost:${shop.address().port}/`
  console.log(`Larkmoor Tea is open at ${address} (Ctrl-C closes it)`)
  if (example) startExample(address)
})

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, close)

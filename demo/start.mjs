import { parseArgs } from 'node:util'
import { freshDist } from '../scripts/fresh-dist.mjs'

const HELP = `A small shop with offers, and a local Target edge that counts: no account, no network.

  npm run demo                   serves it at http://localhost:8787/
  npm run demo -- --port 9000    on another port; 0 takes a free one
  npm run demo -- --help         shows this`

/** Says in one line what is wrong, and ends. */
const fail = (line) => {
  console.error(line)
  process.exit(1)
}

const options = () => {
  try {
    return parseArgs({ options: { port: { type: 'string', default: '8787' }, help: { type: 'boolean', short: 'h' } } })
      .values
  } catch (error) {
    return fail(`${error.message.split('\n')[0]} See --help.`)
  }
}

const { port, help } = options()
if (help) {
  console.log(HELP)
  process.exit()
}
if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) fail(`Port ${port} is no port: use 0 to 65535.`)

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
shop.listen(Number(port), '127.0.0.1', () => {
  console.log(`Larkmoor Tea is open at http://localhost:${shop.address().port}/ (Ctrl-C closes it)`)
})

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    shop.close()
    shop.closeAllConnections()
  })
}

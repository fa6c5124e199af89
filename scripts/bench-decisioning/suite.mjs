// One suite, in a process of its own: what others have loaded and left on the heap is not on its account.
// Usage: forked with the name of the suite and JSON options; sends its result.
import { checkAll } from './check.mjs'
import { benchClient } from './client.mjs'
import { benchCompilation } from './compilation.mjs'
import { benchEngine } from './engine.mjs'
import { benchFlags } from './flags.mjs'

const suites = {
  engine: benchEngine,
  client: benchClient,
  flags: benchFlags,
  compilation: benchCompilation,
  check: checkAll,
}

const [name, options] = process.argv.slice(2)
const say = (line) => console.error(`bench: ${line}`)
const result = await suites[name]({ ...JSON.parse(options), say })
// Timers of the field would keep this process alive.
process.send(result, () => process.exit())

// Runs a bundle in the runtime of Next.js middleware and of Vercel's edge functions, as their local servers do.
// Usage: node edge-vm.mjs bundle.js '{"around": …}'
import { readFileSync } from 'node:fs'
import { EdgeVM } from '@edge-runtime/vm'

const [, , bundle, told] = process.argv
const { around } = JSON.parse(told)
const vm = new EdgeVM({ initialCode: readFileSync(bundle, 'utf8') })
const headers = { ...around.headers, 'x-around': JSON.stringify(around) }
const response = await vm.dispatchFetch('https://www.shop.example/?from=mail', { headers })
// Timers of this runtime cannot be told to let a process go: the host ends it.
process.stdout.write(await response.text(), () => process.exit())

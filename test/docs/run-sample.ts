/** Runs a sample of the documentation as it stands. */
import { transform } from 'esbuild'
import * as browser from '../../src/browser.ts'
import * as decisioning from '../../src/decisioning.ts'
import * as emulator from '../../src/emulator.ts'
import * as opentelemetry from '../../src/opentelemetry.ts'
import * as server from '../../src/server.ts'
import * as testing from '../../src/testing.ts'
import { type Sample, samples } from './markdown.ts'

/** Names of samples that have run. */
export const ran = new Set<string>()

const own = {
  isotarget: server,
  'isotarget/server': server,
  'isotarget/browser': browser,
  'isotarget/decisioning': decisioning,
  'isotarget/emulator': emulator,
  'isotarget/opentelemetry': opentelemetry,
  'isotarget/testing': testing,
}

/** What a sample takes from its surroundings. */
interface Around {
  /** Modules that it may import beside those of this package. */
  modules?: Record<string, object>
  /** What it takes for granted, as its preamble declares it. */
  scope?: Record<string, unknown>
}

const sampleOf = (name: string): Sample => {
  const [found, ...more] = samples.filter((sample) => sample.name === name)
  if (!found || more.length) throw new Error(`${found ? 'more than one' : 'no'} sample is named ${name}`)
  return found
}

/** A module as the body of a function: imports from `modules`, exports into `exports`. */
const asBody = (code: string): string =>
  code
    .replace(/^import \{([^}]*)\} from "(.*)";$/gm, (_, names, from) => {
      return `const {${names.replaceAll(' as ', ': ')}} = modules['${from}']`
    })
    .replace(/^import (\w+) from "(.*)";$/gm, "const $1 = modules['$2'].default")
    .replace(/^export \{([^}]*)\};$/gm, 'Object.assign(exports, {$1})')
    .replace(/^export default (async )?function (\w+)/gm, 'exports.default = $2; $1function $2')
    .replace(/^export default /gm, 'exports.default = ')
    .replace(/^export const (\w+) =/gm, 'const $1 = exports.$1 =')
    .replace(/^export (async )?function (\w+)/gm, 'exports.$2 = $2; $1function $2')

/** Names of the constants of a module. */
const constantsOf = (code: string): string[] =>
  [...code.matchAll(/^const (?:(\w+)|\{ (.*) \}) =/gm)].flatMap(([, name, names]) =>
    name ? [name] : (names ?? '').split(', ').map((part) => part.split(': ').at(-1) ?? ''),
  )

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<Record<string, unknown>>

/** Runs the code of a script element, or a block of TypeScript; gives what it exports, or if that is nothing, its constants. */
export const runSample = async (name: string, { modules = {}, scope = {} }: Around = {}) => {
  const { language, code } = sampleOf(name)
  const script = language === 'html' ? (/<script>([\s\S]*?)<\/script>/.exec(code)?.[1] ?? '') : code
  const { code: plain } = await transform(script, { loader: 'ts', target: 'es2022' })
  const exports: Record<string, unknown> = {}
  const body = `${asBody(plain)}\nreturn { ${constantsOf(plain)} }`
  const values = { modules: { ...own, ...modules }, exports, ...scope }
  const constants = await new AsyncFunction(...Object.keys(values), body)(...Object.values(values))
  ran.add(name)
  return Object.keys(exports).length ? exports : constants
}

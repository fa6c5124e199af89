import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise, type IConfiguration, type ICruiseResult } from 'dependency-cruiser'
import { afterAll, beforeAll, expect, it } from 'vitest'

/** [what is wrong, the file that does it, what it says, the one rule that must object] */
const crimes: [crime: string, file: string, code: string, rule: string][] = [
  ['transport imports notification', 'transport/x-up.ts', "import '../notification/x.ts'", 'imports-look-down'],
  ['delivery imports the platform', 'delivery/x-port.ts', "import '../platform/platform.ts'", 'imports-look-down'],
  ['delivery imports only a type', 'delivery/x-type.ts', "import type {} from '../client/x.ts'", 'imports-look-down'],
  ['delivery re-exports', 'delivery/x-export.ts', "export * from '../transport/x.ts'", 'imports-look-down'],
  ['delivery imports lazily', 'delivery/x-lazy.ts', "void import('../client/x.ts')", 'imports-look-down'],
  ['client imports a door', 'client/x-door.ts', "import '../x.ts'", 'imports-look-down'],
  ['emulator imports client', 'emulator/x-client.ts', "import '../client/x.ts'", 'siblings-never-meet'],
  ['client imports a type of dom', 'client/x-dom.ts', "import type {} from '../dom/x.ts'", 'siblings-never-meet'],
  ['notification decides', 'notification/x-decide.ts', "import '../decisioning/x.ts'", 'siblings-never-meet'],
  ['a folder is on no floor', 'x-floor.ts', "import './attic/x.ts'", 'known-floors'],
  ['types go round in a cycle', 'client/x-there.ts', "import type {} from './x-back.ts'", 'no-cycles'],
  ['the cycle comes back', 'client/x-back.ts', "import type {} from './x-there.ts'", 'no-cycles'],
  ['client picks a platform', 'client/x-browser.ts', "import '../platform/browser-x.ts'", 'doors-pick-the-platform'],
  ['transport goes round the port', 'transport/x-id.ts', "import '../platform/x.ts'", 'doors-pick-the-platform'],
  ['the server knows the browser', 'platform/server-x.ts', "import './browser-x.ts'", 'platforms-never-meet'],
  ['emulator imports transport', 'emulator/x-post.ts', "import '../transport/x.ts'", 'emulator-only-serves'],
  ['emulator imports the port', 'emulator/x-port.ts', "import '../platform/platform.ts'", 'emulator-only-serves'],
  ['emulator imports the engine', 'emulator/x-engine.ts', "import '../decisioning/x.ts'", 'emulator-only-serves'],
  ['a matcher asks the client', 'testing/x-client.ts', "import '../client/x.ts'", 'testing-reads-the-ledger'],
  ['recording imports client', 'recording/x-client.ts', "import '../client/x.ts'", 'recording-only-serves'],
  ['dom imports the queue', 'dom/x-queue.ts', "import '../notification/x.ts'", 'dom-reads-words-only'],
  ['client imports the offers of bindings', 'client/x-offers.ts', "import '../offers/x.ts'", 'imports-look-down'],
  ['offers import a binding', 'offers/x-react.ts', "import '../react/x.ts'", 'imports-look-down'],
  ['offers import the page', 'offers/x-page.ts', "import '../page/x.ts'", 'siblings-never-meet'],
  ['one binding imports another', 'vue/x-react.ts', "import '../react/x.ts'", 'siblings-never-meet'],
  ['offers pick a platform', 'offers/x-browser.ts', "import '../platform/browser-x.ts'", 'doors-pick-the-platform'],
  ['offers use React', 'offers/x-hook.ts', "import 'react'", 'react-in-its-place'],
  ['the binding of React uses Vue', 'react/x-vue.ts', "import 'vue'", 'vue-in-its-place'],
  ['client uses ky', 'client/x-ky.ts', "import 'ky'", 'ky-in-its-place'],
  ['the browser uses tldts', 'platform/browser-tldts.ts', "import 'tldts'", 'tldts-in-its-place'],
  ['delivery makes an id', 'delivery/x-id.ts', "import 'nanoid'", 'nanoid-in-its-place'],
  ['transport checks a schema', 'transport/x-schema.ts', "import 'valibot'", 'valibot-in-its-place'],
  [
    'client knows OpenFeature',
    'client/x-of.ts',
    "import type {} from '@openfeature/core'",
    '@openfeature/core-in-its-place',
  ],
  ['a provider loads an SDK', 'openfeature/x-sdk.ts', "import '@openfeature/core'", 'openfeature-by-its-types'],
  ['client makes spans', 'client/x-span.ts', "import '@opentelemetry/api'", '@opentelemetry/api-in-its-place'],
  ['client uses a Node builtin', 'client/x-node.ts', "import 'node:fs'", 'node-at-the-rim'],
  ['emulator uses a builtin without its prefix', 'emulator/x-http.ts', "import 'http'", 'node-at-the-rim'],
  ['client uses a development package', 'client/x-dev.ts', "import 'esbuild'", 'no-other-package'],
  ['delivery uses a package that is not installed', 'delivery/x-missing.ts', "import 'lodash'", 'no-other-package'],
  ['a file is called utils', 'client/x-utils.ts', "import './utils.ts'", 'no-vague-names'],
  ['a folder is called types', 'delivery/x-types.ts', "import './types/x.ts'", 'no-vague-names'],
  ['a folder has an index', 'x-index.ts', "import './client/index.ts'", 'no-vague-names'],
  ['no door leads to a file', 'client/x-lonely.ts', 'export {}', 'reachable-from-a-door'],
]

const root = join(import.meta.dirname, '../..')
const { options, ...ruleSet } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as IConfiguration

/** Each file that breaks rules, with their names. */
const offenders = async (baseDir: string) => {
  const { output } = await cruise(['src'], { ...options, baseDir, ruleSet, validate: true })
  const offences = (output as ICruiseResult).modules.map(({ source, rules = [], dependencies }) => {
    const broken = [...rules, ...dependencies.flatMap((dependency) => dependency.rules ?? [])]
    return [source, [...new Set(broken.map(({ name }) => name))]] as const
  })
  return new Map(offences.filter(([, broken]) => broken.length > 0))
}

const plant = (src: string) => {
  const write = (file: string, code: string) => {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${code}\n`)
  }
  for (const [, file, code] of crimes) write(join(src, file), code)
  for (const [, file, code] of crimes) {
    const [, target] = /'(\..+)'/.exec(code) ?? []
    const path = target && join(src, dirname(file), target)
    if (path && !existsSync(path)) write(path, 'export {}')
  }
  const known = crimes.filter(([, , , rule]) => rule !== 'reachable-from-a-door')
  write(join(src, 'x-door.ts'), known.map(([, file]) => `import './${file}'`).join('\n'))
}

const copy = realpathSync(mkdtempSync(join(tmpdir(), 'fences-')))
let caught: Awaited<ReturnType<typeof offenders>>

beforeAll(async () => {
  cpSync(join(root, 'src'), join(copy, 'src'), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  plant(join(copy, 'src'))
  caught = await offenders(copy)
})
afterAll(() => rmSync(copy, { recursive: true }))

it.each(crimes)('objects when %s', (...[, file, , rule]) => {
  expect(caught.get(`src/${file}`)).toEqual([rule])
})

it('has nothing against the real tree', async () => {
  expect([...(await offenders(root))]).toEqual([])
})

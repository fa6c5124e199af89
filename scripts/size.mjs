// Usage: npm run size [-- --check | --json | --by-file]
import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { freshDist } from './fresh-dist.mjs'
import { sizesByFile } from './size-by-file.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url))

/** Node builtins that the peer's browser build asks for and no browser has; without them it does not bundle. */
const stubs = {
  name: 'stubs',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(punycode|crypto|https?)$/ }, ({ path }) => ({ path, namespace: 'stub' }))
    onLoad({ filter: /.*/, namespace: 'stub' }, () => ({ contents: 'module.exports = {}' }))
  },
}

/** What an entry loads at once, and what it loads when asked. */
const bundleParts = async (contents, options) => {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: root, sourcefile: 'entry.js' },
    bundle: true,
    minify: true,
    format: 'esm',
    splitting: true,
    outdir: join(root, 'out'),
    metafile: true,
    legalComments: 'none',
    logLevel: 'error',
    write: false,
    ...options,
  })
  const outputs = Object.entries(metafile.outputs)
  const parts = new Map(outputs.map(([path, { imports, entryPoint }]) => [path, { imports, entryPoint }]))
  const atOnce = new Set()
  const add = (path) => {
    if (atOnce.has(path)) return
    atOnce.add(path)
    for (const { path: next, kind } of parts.get(path).imports) {
      if (parts.has(next) && kind === 'import-statement') add(next)
    }
  }
  add(outputs.find(([, { entryPoint }]) => entryPoint === 'entry.js' || entryPoint === '<stdin>')[0])
  const bytesOf = (isWanted) =>
    Buffer.concat(
      outputFiles
        .filter(({ path }) => isWanted(atOnce.has(relative(process.cwd(), path))))
        .map(({ contents }) => contents),
    )
  return { atOnce: bytesOf((is) => is), later: bytesOf((is) => !is) }
}
const bundle = async (contents, options) => (await bundleParts(contents, options)).atOnce
const forBrowser = { platform: 'browser', conditions: ['browser'] }
const forNode = { platform: 'node' }

const weigh = (bytes) => ({ brotli: brotliCompressSync(bytes).length, gzip: gzipSync(bytes, { level: 9 }).length })
/** What one bundle weighs more than another. */
const more = (bytes, than) => {
  const [whole, part] = [weigh(bytes), weigh(than)]
  return { brotli: whole.brotli - part.brotli, gzip: whole.gzip - part.gzip }
}
const alloy = 'node_modules/@adobe/alloy/dist/alloy.min.js'

const ours = async () => ({
  'esm-core': {
    what: "import { TargetClient } from 'isotarget', browser",
    ...weigh(await bundle("export { TargetClient } from 'isotarget'", forBrowser)),
  },
  'esm-all': {
    what: "import * from 'isotarget', browser",
    ...weigh(await bundle("export * from 'isotarget'", forBrowser)),
  },
  engine: {
    what: "import { compileArtifact, decide } from 'isotarget/decisioning'",
    ...weigh(await bundle("export { compileArtifact, decide } from 'isotarget/decisioning'", forBrowser)),
  },
  dom: {
    what: "import * from 'isotarget/dom'",
    ...weigh(await bundle("export * from 'isotarget/dom'", forBrowser)),
  },
  react: {
    what: "import * from 'isotarget/react', without React",
    ...weigh(await bundle("export * from 'isotarget/react'", { ...forBrowser, external: ['react'] })),
  },
  vue: {
    what: "import * from 'isotarget/vue', without Vue",
    ...weigh(await bundle("export * from 'isotarget/vue'", { ...forBrowser, external: ['vue'] })),
  },
  'dom-render': {
    what: "import { render } from 'isotarget/dom'",
    ...weigh(await bundle("export { render } from 'isotarget/dom'", forBrowser)),
  },
  openfeature: {
    what: "import { webProvider } from 'isotarget/openfeature', on top of it",
    ...more(
      await bundle(
        "export { TargetClient } from 'isotarget'; export { webProvider } from 'isotarget/openfeature'",
        forBrowser,
      ),
      await bundle("export { TargetClient } from 'isotarget'", forBrowser),
    ),
  },
  'on-device': {
    what: 'what decisions on the device load on top of it, when asked for',
    ...weigh((await bundleParts("export { TargetClient } from 'isotarget'", forBrowser)).later),
  },
  'script-tag': { what: 'dist/isotarget.global.js', ...weigh(read('dist/isotarget.global.js')) },
  'atjs-tag': { what: 'dist/isotarget.atjs.global.js', ...weigh(read('dist/isotarget.atjs.global.js')) },
  'device-tag': { what: 'dist/isotarget.decisioning.js', ...weigh(read('dist/isotarget.decisioning.js')) },
  inspector: { what: 'dist/isotarget.inspector.global.js', ...weigh(read('dist/isotarget.inspector.global.js')) },
  'server-core': {
    what: "import { TargetClient } from 'isotarget/server'",
    ...weigh(await bundle("export { TargetClient } from 'isotarget/server'", forNode)),
  },
  emulator: {
    what: "import * from 'isotarget/emulator'",
    ...weigh(await bundle("export * from 'isotarget/emulator'", forNode)),
  },
})

const anchors = async () => ({
  'at.js': { what: 'at.js 2.11.8 (recorded: proprietary, not on npm)', brotli: 30_223, gzip: 34_243 },
  alloy: existsSync(new URL(`../${alloy}`, import.meta.url))
    ? { what: 'alloy.min.js', ...weigh(read(alloy)) }
    : { what: 'alloy.min.js 2.33.1 (recorded)', brotli: 44_813, gzip: 51_719 },
  'target-nodejs-sdk': {
    what: '@adobe/target-nodejs-sdk 2.4.3, browser, 4 Node builtins stubbed',
    ...weigh(await bundle("export { default } from '@adobe/target-nodejs-sdk'", { ...forBrowser, plugins: [stubs] })),
  },
})

if (process.argv.includes('--by-file')) {
  for (const [file, bytes] of await sizesByFile()) console.log(`${file.padEnd(40)}${`${bytes}`.padStart(6)} bytes`)
  process.exit()
}

freshDist()
const sizes = { ...(await ours()), ...(await anchors()) }
const limits = JSON.parse(read('scripts/size-limits.json'))

if (process.argv.includes('--json')) {
  console.log(JSON.stringify(sizes, null, 2))
} else {
  const kB = (bytes) => (bytes === undefined ? '' : `${(bytes / 1000).toFixed(1)} kB`).padStart(10)
  console.log(`${''.padEnd(64)}    brotli      gzip     limit`)
  for (const [id, { what, brotli, gzip }] of Object.entries(sizes)) {
    console.log(`${what.padEnd(64)}${kB(brotli)}${kB(gzip)}${kB(limits[id])}`)
  }
}

if (process.argv.includes('--check')) {
  const over = Object.entries(limits).filter(([id, limit]) => sizes[id].brotli > limit)
  for (const [id, limit] of over) console.error(`${id} is ${sizes[id].brotli - limit} bytes over its limit of ${limit}`)
  process.exitCode = over.length > 0 ? 1 : 0
}

import { createHash } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import { dts } from 'rollup-plugin-dts'
import esbuild from 'rollup-plugin-esbuild'
import { declarations } from './scripts/declarations.mjs'

const pkg = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))
const banner = `/*! isotarget ${pkg.version} | ${pkg.license} */`
const packages = Object.keys({ ...pkg.dependencies, ...pkg.peerDependencies })
const external = [/^node:/, ...packages.map((name) => new RegExp(`^${name}(/|$)`))]
/** React Server Components take a module with this at its head for one of the page, which is what has hooks. */
const doorBanner = ({ name }) => (name === 'react' ? `'use client';\n${banner}` : banner)
const compile = () => esbuild({ target: 'es2022', define: { __VERSION__: JSON.stringify(pkg.version) } })

/** Every file under dist/ that `exports` names, so that a door exists here exactly when package.json says so. */
const exported = (target) =>
  typeof target === 'string' ? [target] : Object.values(target).flatMap((inner) => exported(inner))
const doors = [
  ...new Set(
    exported(pkg.exports)
      .filter((file) => /^\.\/dist\/.*\.js$/.test(file))
      .map((file) => file.slice('./dist/'.length, -'.js'.length)),
  ),
]
const input = Object.fromEntries(doors.map((door) => [door, `src/${door}.ts`]))
/** Programs that `bin` names: a shell starts them, nobody imports them. */
const programs = Object.values(pkg.bin).map((file) => file.slice('./dist/'.length, -'.js'.length))
const executable = {
  name: 'executable',
  writeBundle: ({ dir }) => {
    for (const program of programs) chmodSync(`${dir}/${program}.js`, 0o755)
  },
}
const chunk = (extension) => ({
  entryFileNames: `[name].${extension}`,
  chunkFileNames: `chunk-[name].${extension}`,
})
/** Files that go out as they are, one after another. */
const copied = (files) => ({
  name: 'copied',
  generateBundle() {
    for (const [fileName, from] of Object.entries(files)) {
      this.emitFile({ type: 'asset', fileName, source: from.map((file) => readFileSync(file, 'utf8')).join('\n') })
    }
  },
})
/** `await using` is younger than the library of types that many projects name. */
const disposable = '/// <reference lib="esnext.disposable" />'
/** The same for declarations, whose chunk is named after a file that ends in `.d`. */
const types = (extension) => ({
  ...chunk(extension),
  chunkFileNames: ({ name }) => `chunk-${name.replace(/\.d$/, '')}.${extension}`,
})

/** What a page loads: one file, as small as can be. */
const script = {
  sourcemap: true,
  freeze: false,
  banner,
  plugins: [terser({ ecma: 2020, compress: { passes: 3 }, format: { comments: /^!/ } })],
}
/** Says of each file that pages load by its address what `integrity` of its element is to be, and what it weighs, in bytes. */
const integrity = {
  name: 'integrity',
  writeBundle: (_, bundle) => {
    const list = 'dist/integrity.json'
    const known = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : {}
    for (const file of Object.keys(bundle).filter((name) => name.endsWith('.js'))) {
      const bytes = readFileSync(`dist/${file}`)
      known[file] = {
        integrity: `sha384-${createHash('sha384').update(bytes).digest('base64')}`,
        bytes: bytes.length,
        gzip: gzipSync(bytes, { level: 9 }).length,
        brotli: brotliCompressSync(bytes).length,
      }
    }
    // Whatever was built before, and in which order.
    const there = Object.keys(known).filter((file) => existsSync(`dist/${file}`))
    const sorted = Object.fromEntries(there.sort().map((file) => [file, known[file]]))
    writeFileSync(list, `${JSON.stringify(sorted, null, 2)}\n`)
  },
}
const tagged = { ...script, plugins: [...script.plugins, integrity] }
/** Decisions on the device lie beside the script, which imports them when a page asks for them. */
const DEVICE = 'isotarget.decisioning.js'
const besideScript = {
  name: 'beside-script',
  resolveDynamicImport: (specifier) =>
    specifier === './on-device.ts' ? { id: `./${DEVICE}`, external: true } : undefined,
}

export default [
  {
    input,
    external,
    plugins: [compile()],
    output: [
      { dir: 'dist', format: 'es', sourcemap: true, banner: doorBanner, ...chunk('js') },
      // `require` of a package that is ESM alone, as ky, gives its namespace: its default is a member.
      {
        dir: 'dist',
        format: 'cjs',
        sourcemap: true,
        banner: doorBanner,
        exports: 'named',
        interop: 'esModule',
        ...chunk('cjs'),
      },
    ],
  },
  {
    input: Object.fromEntries(doors.map((door) => [door, `src/${door}.d.ts`])),
    external,
    plugins: [declarations(), dts()],
    output: [
      { dir: 'dist', format: 'es', banner: disposable, ...types('d.ts') },
      { dir: 'dist', format: 'es', banner: disposable, ...types('d.cts') },
    ],
  },
  {
    input: 'src/global.ts',
    plugins: [besideScript, nodeResolve({ browser: true }), compile()],
    output: { ...tagged, file: 'dist/isotarget.global.js', format: 'iife' },
  },
  {
    input: 'src/atjs-global.ts',
    plugins: [besideScript, nodeResolve({ browser: true }), compile()],
    output: { ...tagged, file: 'dist/isotarget.atjs.global.js', format: 'iife' },
  },
  {
    // What explains decisions comes along: it is loaded by nobody but whoever looks.
    input: 'src/inspector-global.ts',
    plugins: [nodeResolve({ browser: true }), compile()],
    output: {
      ...script,
      // A page may be read in any charset, and its scripts with it.
      plugins: [
        terser({ ecma: 2020, compress: { passes: 3 }, format: { comments: /^!/, ascii_only: true } }),
        integrity,
      ],
      file: 'dist/isotarget.inspector.global.js',
      format: 'iife',
      inlineDynamicImports: true,
    },
  },
  {
    input: 'src/client/on-device.ts',
    plugins: [nodeResolve({ browser: true }), compile()],
    output: { ...tagged, file: `dist/${DEVICE}`, format: 'es' },
  },
  {
    // The page of `isotarget edge`, which serves it from beside itself.
    input: 'src/edge-page.ts',
    plugins: [
      copied({
        'edge-page.html': ['src/cli/page/edge.html'],
        'edge-page.css': ['src/cli/page/edge.css', 'src/cli/page/charts.css'],
      }),
      compile(),
    ],
    output: { ...script, sourcemap: false, file: 'dist/edge-page.js', format: 'es' },
  },
  {
    // By itself: what a shell needs must not cut the doors into other chunks.
    input: Object.fromEntries(programs.map((program) => [program, `src/${program}.ts`])),
    external,
    plugins: [compile(), executable],
    output: { dir: 'dist', format: 'es', banner, ...chunk('js'), chunkFileNames: 'cli-[name].js' },
  },
]

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import { compile, compileModule } from 'svelte/compiler'

const root = join(import.meta.dirname, '../..')

/** What becomes of sources for a page, or for the server that makes its HTML. */
export type Side = 'client' | 'server'

/** Svelte's own compiler, with its warnings on. */
const svelteFor = (generate: Side): Plugin => ({
  name: 'svelte',
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte(\.js)?$/ }, async ({ path }) => {
      const options = { generate, dev: true, filename: path }
      const source = await readFile(path, 'utf8')
      const { js } = path.endsWith('.js') ? compileModule(source, options) : compile(source, options)
      return { contents: js.code, resolveDir: join(path, '..') }
    })
  },
})

const bundle = async (code: string, side: Side, { plugins = [], ...options }: BuildOptions): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    write: false,
    logLevel: 'error',
    plugins: [...plugins, svelteFor(side)],
    jsx: 'automatic',
    ...options,
  })
  return outputFiles?.[0]?.text ?? ''
}

/** Bundles a module for a page, of the builds of the frameworks that warn. */
export const bundleForPage = (code: string, plugins: Plugin[] = []): Promise<string> =>
  bundle(code, 'client', {
    plugins,
    format: 'esm',
    platform: 'browser',
    conditions: ['svelte', 'development'],
    define: {
      'process.env.NODE_ENV': '"development"',
      __VERSION__: '"0.0.0"',
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'true',
    },
  })

/** Runs a module as a server does, and gives what it exports. */
export const loadOnServer = async <Exports>(code: string, plugins: Plugin[] = []): Promise<Exports> => {
  const text = await bundle(code, 'server', { plugins, format: 'cjs', platform: 'node', packages: 'external' })
  const made = { exports: {} }
  new Function('require', 'module', text)(createRequire(join(root, 'package.json')), made)
  return made.exports as Exports
}

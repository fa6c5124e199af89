import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const EXPORT = /^export (?:const|class) (\w+)/gm

/** The bundle of what a browser imports at once, and the files in it; `left` is left out, with all that only it brings along. */
const bundle = async (left) => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: "export { TargetClient } from './src/browser.ts'", resolveDir: root, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['./on-device.ts'],
    metafile: true,
    write: false,
    plugins: [
      {
        name: 'left-out',
        setup: ({ onLoad }) =>
          onLoad({ filter: /src.*\.ts$/ }, ({ path }) => {
            const contents = readFileSync(path, 'utf8')
            if (relative(root, path) !== left) return { contents, loader: 'ts' }
            return { contents: [...contents.matchAll(EXPORT)].map(([, name]) => `export const ${name} = 0`).join('\n') }
          }),
      },
    ],
  })
  return { bytes: brotliCompressSync(outputFiles[0].contents).length, inputs: Object.keys(metafile.inputs) }
}

/** What each file costs a page, with all that only it brings along: bytes of brotli by file, the most first. */
export const sizesByFile = async () => {
  const { bytes, inputs } = await bundle()
  const files = inputs.filter((path) => path.startsWith('src/'))
  const sizes = await Promise.all(files.map(async (file) => [file, bytes - (await bundle(file)).bytes]))
  return sizes.sort(([, one], [, other]) => other - one)
}

import { build } from 'esbuild'
import { brotliCompressSync } from 'node:zlib'
const br = (s) => brotliCompressSync(Buffer.from(s)).length
const names = process.argv[2] ? (await import('node:fs')).readFileSync(process.argv[2],'utf8').trim().split(/\s+/) : []
const run = async (opt, name, contents="export { TargetClient } from './src/browser.ts'") => {
  const r = await build({ stdin: { contents, resolveDir: '.', sourcefile: 'entry.ts', loader:'ts' }, bundle: true, minify: true, format: 'esm', write:false, outdir:'out', splitting:true, platform:'browser', conditions:['browser'], target:'es2022', legalComments:'none', metafile:true, ...opt })
  const outs = Object.entries(r.metafile.outputs), main = outs.find(([,o])=>o.entryPoint)
  const ns=[main[0]]; for(const n of ns) for (const i of r.metafile.outputs[n].imports) if(i.kind==='import-statement'&&!ns.includes(i.path)) ns.push(i.path)
  const t=ns.map(n=>r.outputFiles.find(f=>f.path.endsWith(n)).text).join('')
  console.log(name.padEnd(30), t.length, br(t))
}
await run({}, 'plain'); await run({mangleProps:new RegExp('^('+names.join('|')+')$')}, 'mangled')

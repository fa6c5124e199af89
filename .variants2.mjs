import { build, transform } from 'esbuild'
import { minify } from 'terser'
import { brotliCompressSync } from 'node:zlib'
const br = (s) => brotliCompressSync(Buffer.from(s)).length
const r = await build({ stdin: { contents: "export { TargetClient } from './src/browser.ts'", resolveDir: '.', sourcefile: 'entry.ts', loader:'ts' }, bundle: true, format: 'esm', splitting: true, outdir: 'out', legalComments:'none', write:false, platform:'browser', conditions:['browser'], target:'es2022', metafile:true })
const outs = Object.entries(r.metafile.outputs), main = outs.find(([,o])=>o.entryPoint)
const names=[main[0]]; for(const n of names) for (const i of r.metafile.outputs[n].imports) if(i.kind==='import-statement'&&!names.includes(i.path)) names.push(i.path)
const texts=names.map(n=>r.outputFiles.find(f=>f.path.endsWith(n)).text)
const es=async(ts)=>{let s='';for(const t of ts)s+=(await transform(t,{minify:true,format:'esm',target:'es2022'})).code;return s}
const te=async(ts,o)=>{const a=[];for(const t of ts)a.push((await minify(t,{module:true,...o})).code);return a}
const show=(n,s,x)=>console.log(n.padEnd(40),s.length,br(s), x??'')
show('esbuild',await es(texts))
const base={passes:3,reduce_funcs:false}
const V={
 noreduce:{},
 'noreduce noinline':{inline:0},
 'noreduce inline1':{inline:1},
 'nr reduce_vars false':{reduce_vars:false},
 'nr collapse false':{collapse_vars:false},
 'nr seq false':{sequences:false},
 'nr cond false':{conditionals:false},
 'nr ifreturn false':{if_return:false},
 'nr join false':{join_vars:false},
 'nr hoist_props false':{hoist_props:false},
 'nr inline0 collapse false':{inline:0,collapse_vars:false},
 'nr inline0 collapse false seq false':{inline:0,collapse_vars:false,sequences:false},
 'nr lhs false':{lhs_constants:false},
 'nr unsafe arrows':{unsafe_arrows:true,unsafe_methods:true},
 'nr single_use':{reduce_funcs:false,toplevel:false},
}
for(const [n,o] of Object.entries(V)){ const a=await te(texts,{compress:{...base,...o},ecma:2022,mangle:false,format:{beautify:true}}); const e=await es(a); const b=await te(a,{compress:{passes:2},ecma:2022}); show(n,e,'terser again: '+br(b.join(''))) }

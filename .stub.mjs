import { build } from 'esbuild'
import { brotliCompressSync } from 'node:zlib'
import { minify } from 'terser'
const br = (s) => brotliCompressSync(Buffer.from(s)).length
const run = async (stubs, name) => {
  const r = await build({ stdin: { contents: "export { TargetClient } from './src/browser.ts'", resolveDir: '.', sourcefile: 'entry.ts', loader:'ts' }, bundle: true, minify: true, format: 'esm', write:false, outdir:'out', splitting:true, platform:'browser', conditions:['browser'], target:'es2022', legalComments:'none', metafile:true,
    plugins:[{name:'s',setup(b){ b.onLoad({filter:/src\/.*\.ts$/},({path})=>{ for(const [f,c] of Object.entries(stubs)) if(path.endsWith(f)) return {contents: c, loader:'ts'} }) }}] })
  const outs = Object.entries(r.metafile.outputs), main = outs.find(([,o])=>o.entryPoint)
  const names=[main[0]]; for(const n of names) for (const i of r.metafile.outputs[n].imports) if(i.kind==='import-statement'&&!names.includes(i.path)) names.push(i.path)
  const t=names.map(n=>r.outputFiles.find(f=>f.path.endsWith(n)).text).join('')
  console.log(name.padEnd(30), t.length, br(t))
}
const S = {
 qa: {'client/qa.ts':'export const qaOf = () => ({})'},
 attributes: {'client/attributes.ts': 'export const askFor=(a,b)=>b; export const attributesOf=(a)=>a'},
 advice: {'client/advice.ts':'export const adviceOf=()=>[]'},
 lease: {'notification/lease.ts':'export const createLease=()=>()=>{}'},
 sdid: {'client/supplemental-data.ts':'export const createVisitor=()=>({}); export const createSharing=()=>()=>({}); export const parseVisitorCookie=()=>({})'},
 timed: {'client/timed.ts':'export const entryOf=()=>({}); export const createTelemetry=()=>({add(){},ride(a,b){return b([])}})'},
 contract: {'delivery/contract.ts':'export const parseRequest=(a)=>a'},
 store: {'notification/store.ts':'export const createStore=()=>({})'},
 flush: {'notification/flush.ts':'export const createFlush=()=>()=>{}; export const within=()=>{}'},
 outcome: {'notification/outcome.ts':'export const verdictOf=()=>({sent:[],kept:[],rejected:[]})'},
 consent: {'client/consent.ts':'export const createConsent=()=>({isIn:()=>true})'},
 device: {'client/device.ts':'export const createDeviceLoader=()=>({})','client/variation.ts':'export const createVariations=()=>({})'},
 queue: {'notification/queue.ts':'export const createQueue=()=>({})','notification/send.ts':'export const createExits=()=>({})'},
 claims: {'notification/claims.ts':'export const createClaims=()=>({})'},
 cookies: {'platform/browser-cookies.ts':'export const browserCookies=()=>({})'},
 report: {'client/report.ts':'export const createReport=()=>({})'},
}
await run({}, 'all')
for (const [n,s] of Object.entries(S)) await run(s, 'without '+n)
await run(Object.assign({},S.qa,S.attributes,S.advice,S.lease), 'without qa+attr+advice+lease')
await run(Object.assign({},S.qa,S.advice), 'without qa+advice')

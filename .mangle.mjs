import { minify } from 'terser'
import ts from 'typescript'
import { readFileSync, readdirSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
const br = (s) => brotliCompressSync(Buffer.from(s)).length
const src = readFileSync(process.argv[2],'utf8')
const reserved = new Set(['AT:'])
for (const f of readdirSync('dist').filter(f=>/^(browser|dom|chunk-.*)\.d\.ts$/.test(f))) {
  const sf = ts.createSourceFile(f, readFileSync('dist/'+f,'utf8'), ts.ScriptTarget.Latest, true)
  const visit=(n)=>{ if((ts.isPropertySignature(n)||ts.isMethodSignature(n)||ts.isPropertyDeclaration(n)||ts.isMethodDeclaration(n))&&n.name.text) reserved.add(n.name.text); ts.forEachChild(n,visit)}; visit(sf)
  for (const m of readFileSync('dist/'+f,'utf8').matchAll(/'([A-Za-z_$][\w$]*)'/g)) reserved.add(m[1])
}
console.log('reserved', reserved.size)
for (const [n,o] of Object.entries({ base:{compress:{passes:3},ecma:2022,module:true}, mangled: {compress:{passes:3}, ecma:2022, module:true, nameCache:{}, mangle:{properties:{reserved:[...reserved], keep_quoted:false}}}})) { const r = await minify(src,o); console.log(n, r.code.length, br(r.code)); if(o.nameCache) console.log(Object.keys(o.nameCache.props.props).map(s=>s.slice(1)).join(' ')) }

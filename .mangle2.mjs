import { minify } from 'terser'
import ts from 'typescript'
import { readFileSync, readdirSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import { execSync } from 'node:child_process'
const br = (s) => brotliCompressSync(Buffer.from(s)).length
const reserved = new Set()
for (const f of readdirSync('dist').filter(f=>/\.d\.ts$/.test(f))) {
  const sf = ts.createSourceFile(f, readFileSync('dist/'+f,'utf8'), ts.ScriptTarget.Latest, true)
  const visit=(n)=>{ if((ts.isPropertySignature(n)||ts.isMethodSignature(n)||ts.isPropertyDeclaration(n)||ts.isMethodDeclaration(n))&&n.name.text) reserved.add(n.name.text); ts.forEachChild(n,visit)}; visit(sf)
}
const cand = readFileSync('/root/h/exp/names.txt','utf8').trim().split(/\s+/)
const srcs = execSync('git ls-files src').toString().trim().split('\n').map(f=>[f,readFileSync(f,'utf8')])
const ok = cand.filter(n => !reserved.has(n) && !srcs.some(([f,s]) => new RegExp(`['"\`]${n}['"\`]`).test(s)) && !srcs.some(([f,s])=>/^src\/(page|dom|atjs)\//.test(f)&&new RegExp(`\\b${n}\\b`).test(s)))
console.log(ok.length, 'dropped', cand.filter(n=>!ok.includes(n)).join(' '))
const src = readFileSync('/root/h/exp/tag.js','utf8')
const core = readFileSync('/root/h/exp/core.js','utf8')
for (const [n,c] of [['tag',src],['core',core]]) {
 const a = await minify(c,{compress:{passes:3},ecma:2022,module:true})
 const b = await minify(c,{compress:{passes:3},ecma:2022,module:true,mangle:{properties:{regex:new RegExp('^(?:'+ok.join('|')+')$')}}})
 console.log(n, br(a.code), br(b.code))
}

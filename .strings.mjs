import { readFileSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
const br = (s) => brotliCompressSync(Buffer.from(s)).length
const s=readFileSync('/root/h/exp/core.js','utf8')
const full=br(s)
console.log('full',s.length,full)
const noErr=s.replace(/(["`])(?:(?!\1)[^\\]|\\.)*\1/g,(m)=>/ /.test(m)&&m.length>14?'""':m)
console.log('sentences', s.length-noErr.length, full-br(noErr))
const noStr=s.replace(/(["`])(?:(?!\1)[^\\]|\\.)*\1/g,'""')
console.log('all strings', s.length-noStr.length, full-br(noStr))
// property names -> all mapped to single letters
const ids={};let n=0
const noProp=s.replace(/\.([a-zA-Z_$][\w$]{2,})/g,(m,p)=>'.'+(ids[p]??=String.fromCharCode(97+n%26)+String.fromCharCode(97+(n++/26|0)%26)))
console.log('dot props shortened', s.length-noProp.length, full-br(noProp), n)
const noProp2=noProp.replace(/([{,])([a-zA-Z_$][\w$]{2,})(?=[:,}(])/g,(m,a,p)=>a+(ids[p]??=String.fromCharCode(97+n%26)+String.fromCharCode(97+(n++/26|0)%26)))
console.log('all props shortened', s.length-noProp2.length, full-br(noProp2), n)

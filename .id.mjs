import { customAlphabet, random } from 'nanoid'
const a = customAlphabet('0123456789abcdef', 32)
const HEX='0123456789abcdef'
const b = () => Array.from(random(16), (byte) => (byte + 256).toString(16).slice(1)).join('')
const c = () => { let id=''; for (const byte of random(32)) id += HEX[byte & 15]; return id }
const d = () => random(32).reduce((id, byte) => id + HEX[byte & 15], '')
const e = () => { let id=''; for (const byte of random(16)) id += (byte+256).toString(16).slice(1); return id }
const f = () => { let id=''; for (const byte of random(32)) id += (byte & 15).toString(16); return id }
for (let r=0;r<3;r++) for (const [n,g] of Object.entries({a,b,c,d,e,f})) { const t=performance.now(); for(let i=0;i<200000;i++) g(); console.log(n, ((performance.now()-t)/200).toFixed(2),'µs', g()) }

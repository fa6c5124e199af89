import * as door from 'isotarget'
import { visitShop } from './shop.mjs'

const { around } = JSON.parse(process.argv[2])
const resolved = import.meta.resolve('isotarget')
console.log(JSON.stringify({ resolved, ...(await visitShop(door, around)) }))

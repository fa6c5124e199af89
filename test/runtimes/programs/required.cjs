const door = require('isotarget')

const { around } = JSON.parse(process.argv[2])
const resolved = require.resolve('isotarget')
import('./shop.mjs').then(async ({ visitShop }) => {
  console.log(JSON.stringify({ resolved, ...(await visitShop(door, around)) }))
})

import { TargetClient } from 'isotarget/browser'
import { createShop } from './shop.ts'

const textOf = (id: string): string => document.getElementById(id)?.textContent ?? 'null'

// The cookies that the server has set make this the same visitor, its state says what has been asked for.
const target = TargetClient.create({
  ...JSON.parse(textOf('account')),
  serverState: textOf('server-state'),
  timeout: 500,
})
createShop(JSON.parse(textOf('props')), target).mount('#app')

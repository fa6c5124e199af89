import { createShop } from './shop.ts'

const props = JSON.parse(document.querySelector('#props')?.textContent ?? '')
createShop(props).mount('#app')

import * as door from 'isotarget'
import { visitShop } from './shop.mjs'

/** The request is the visitor's own; a header that no visitor has says what is around. */
export default {
  async fetch(request) {
    return Response.json(await visitShop(door, JSON.parse(request.headers.get('x-around')), request))
  },
}

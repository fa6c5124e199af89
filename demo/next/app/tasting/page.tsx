import { euros, tastingSet, teas, tin } from '../../../assets/catalog.js'
import { order } from './order'

export default function Tasting() {
  return (
    <section className="product">
      <div
        className="tins"
        aria-hidden="true"
        dangerouslySetInnerHTML={{ __html: teas.map(({ colour }) => tin(colour)).join('') }}
      />
      <form action={order}>
        <p className="eyebrow">Six small tins</p>
        <h1>{tastingSet.name}</h1>
        <p className="lede">One of each of our teas, twelve cups a tin.</p>
        <p className="price">{euros(tastingSet.price)}</p>
        <button className="button" type="submit">
          Buy now
        </button>
      </form>
    </section>
  )
}

import { euros, tastingSet, teas, tin } from '../../assets/catalog.js'
import { teapot } from '../../pages/illustrations.mjs'
import { defaults } from '../../pages/shop-front.mjs'
import { account, answer } from '../target'
import { Delivery, Hero, Offers, Tasting } from './offers'

export default async function Home() {
  return (
    <Offers account={account} state={await answer()}>
      <Delivery />
      <section className="hero">
        <Hero fallback={defaults.hero} />
        <div dangerouslySetInnerHTML={{ __html: teapot }} />
      </section>
      <Tasting>
        <div>
          <h2>{tastingSet.name}</h2>
          <p>Six small tins, six characters, {euros(tastingSet.price)}.</p>
        </div>
        <a className="button quiet" href="tasting/">
          Have a look
        </a>
      </Tasting>
      <h2 className="section">Six teas, all year</h2>
      <ul className="shelf">
        {teas.map((tea) => (
          <li key={tea.id}>
            <span className="tile" dangerouslySetInnerHTML={{ __html: tin(tea.colour) }} />
            <span className="name">{tea.name}</span>
            <p className="kind">{tea.kind}</p>
            <p className="price">{euros(tea.price)}</p>
          </li>
        ))}
      </ul>
    </Offers>
  )
}

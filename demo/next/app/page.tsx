import { euros, teas, tin } from '../../assets/catalog.js'
import { teapot } from '../../pages/illustrations.mjs'
import { defaults } from '../../pages/shop-front.mjs'
import { account, decided } from '../target'
import { Offer, Tasting, Told } from './offers'

export default async function Home() {
  const { offers, freeFrom } = await decided()
  const hero = offers.find(({ name }) => name === 'hero')
  const delivery = offers.find(({ name }) => name === 'delivery')
  return (
    <>
      <Offer account={account} mbox={delivery}>
        <p className="note">
          {freeFrom ? `Free delivery from ${euros(freeFrom)}` : 'Free delivery, whatever you order'}
        </p>
      </Offer>
      <section className="hero">
        <Offer account={account} mbox={hero}>
          <div
            data-mbox="hero"
            dangerouslySetInnerHTML={{ __html: `${hero?.options?.[0]?.content ?? defaults.hero}` }}
          />
        </Offer>
        <div dangerouslySetInnerHTML={{ __html: teapot }} />
      </section>
      <Tasting account={account} fallback={defaults.tasting} />
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
      <Told account={account} />
    </>
  )
}

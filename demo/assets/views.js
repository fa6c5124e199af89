import { euros, teaCard, teaOf, teas, tin } from './catalog.js'

const promise = ({ freeFrom }) =>
  freeFrom ? `Free delivery from ${euros(freeFrom)}` : 'Free delivery, whatever you order'

const bar = (basket) => `<p class="note">${promise(basket)}
  <a href="/spa/checkout" data-route="/spa/checkout">Basket (${basket.teas().length})</a></p>`

const home = (basket) => ({
  name: 'home',
  title: 'Six teas',
  html: `${bar(basket)}
    <section class="intro">
      <h1 id="home-title" tabindex="-1">Six teas for every kind of morning</h1>
      <p class="lede" id="home-lede">Small lots, blended by hand. Choose one and we pack it today.</p>
    </section>
    <ul class="shelf">${teas
      .map((tea) => {
        const href = `/spa/tea/${tea.id}`
        const action = `<p class="price">${euros(tea.price)}</p>`
        return teaCard(tea, { href, action })
      })
      .join('')}</ul>`,
})

const product = (tea, basket) => ({
  name: 'product',
  title: tea.name,
  html: `${bar(basket)}
    <section class="product">
      <div class="tile">${tin(tea.colour)}</div>
      <div>
        <p class="eyebrow">${tea.kind}</p>
        <h1 tabindex="-1">${tea.name}</h1>
        <p class="lede">Two grams, water just off the boil, three minutes. Then sit down somewhere with a window.</p>
        <p class="price">${euros(tea.price)}</p>
        <button class="button" type="button" id="add" data-add="${tea.id}">Add to basket</button>
        <p class="promise" id="promise">Packed by hand in our mill, on its way within two days.</p>
        <p><a href="/spa/" data-route="/spa/">All teas</a></p>
      </div>
    </section>`,
})

const line = (name, amount) => `<li><span>${name}</span><span>${amount}</span></li>`

const checkout = (basket) => ({
  name: 'checkout',
  title: 'Checkout',
  html: `${bar(basket)}
    <section class="checkout">
      <h1 tabindex="-1">Your basket</h1>
      ${
        basket.teas().length
          ? `<ul class="bill">
              ${basket
                .teas()
                .map(({ name, price }) => line(name, euros(price)))
                .join('')}
              ${line('Delivery', basket.delivery() ? euros(basket.delivery()) : 'free')}
              ${line('<b>Total</b>', `<b>${euros(basket.total())}</b>`)}
            </ul>
            <button class="button" type="button" id="order" data-order>Place order</button>`
          : '<p class="lede">There is nothing in it yet.</p>'
      }
      <p><a href="/spa/" data-route="/spa/">Back to the teas</a></p>
    </section>`,
})

const thanks = (basket) => ({
  name: 'thanks',
  title: 'Thank you',
  html: `${bar(basket)}
    <section class="checkout">
      <h1 tabindex="-1">Thank you. The kettle is yours.</h1>
      <p class="lede">Your order is a conversion now, of every activity that you are in.</p>
      <a class="button" href="/spa/" data-route="/spa/">Once more</a>
    </section>`,
})

/** The view of an address. */
export const viewOf = (path, basket) => {
  const tea = teaOf(path.match(/^\/spa\/tea\/([\w-]+)$/)?.[1])
  if (tea) return product(tea, basket)
  if (path === '/spa/checkout') return checkout(basket)
  return path === '/spa/thanks' ? thanks(basket) : home(basket)
}

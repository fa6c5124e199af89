import { euros, tastingSet, teaCard, teas, tin } from '../assets/catalog.js'
import { teapot } from './illustrations.mjs'

/** What visitors see where Target offers nothing else. */
export const defaults = {
  hero: `<p class="eyebrow">Spring picking</p>
    <h1>Slow mornings, carefully steeped.</h1>
    <p class="lede">Small lots from gardens we know by name, blended by hand and packed in tins that keep for years.</p>
    <a class="button" href="tasting/">See the tasting set</a>`,
  tasting: `<div><h2>The tasting set</h2><p>Six small tins, six characters, ${euros(tastingSet.price)}.</p></div>
    <a class="button quiet" href="tasting/">Have a look</a>`,
}

const price = (tea) => `<p class="price">${euros(tea.price)}</p>`

/** The home page of the shop around its two places for offers. */
export const home = ({ hero, tasting }) => `<section class="hero">
  <div class="offer" data-mbox="hero">${hero}</div>
  ${teapot}
</section>
<section class="strip offer" data-mbox="tasting">${tasting}</section>
<section aria-labelledby="teas">
  <h2 class="section" id="teas">Six teas, all year</h2>
  <ul class="shelf">${teas.map((tea) => teaCard(tea, { action: price(tea) })).join('')}</ul>
</section>`

/** Where the tasting set is bought. */
export const tasting = `<section class="product">
  <div class="tins" aria-hidden="true">${teas.map(({ colour }) => tin(colour)).join('')}</div>
  <div>
    <p class="eyebrow">Six small tins</p>
    <h1>${tastingSet.name}</h1>
    <p class="lede">One of each of our teas, twelve cups a tin, in a box that has been a pencil case before it was a tea box.</p>
    <p class="price">${euros(tastingSet.price)}</p>
    <button class="button" type="button" id="buy">Buy now</button>
    <p class="thanks" id="thanks" role="status"></p>
  </div>
</section>`

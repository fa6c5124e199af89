import { euros, tastingSet, teaCard, teas, tin } from '../assets/catalog.js'
import { leaf, teapot } from '../pages/illustrations.mjs'
import { defaults } from '../pages/shop-front.mjs'

const page = ({ title, main, foot = '' }) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Larkmoor Tea</title>
<link rel="icon" href="/assets/icon.svg">
<link rel="stylesheet" href="/assets/shop.css">
<link rel="stylesheet" href="/assets/examples.css">
</head>
<body>
<header class="top"><a class="brand" href="/">${leaf}Larkmoor</a><nav><a href="/" aria-current="page">Express</a></nav></header>
<main>${main}</main>
<footer class="foot">Larkmoor Tea is made up. The offers and the counts are real, on your machine.</footer>
${foot}
</body>
</html>`

const delivery = (freeFrom) =>
  freeFrom ? `Free delivery from ${euros(freeFrom)}` : 'Free delivery, whatever you order'

const shelf = teas.map((tea) => teaCard(tea, { action: `<p class="price">${euros(tea.price)}</p>` })).join('')

export const home = ({ hero = defaults.hero, freeFrom, account, serverState }) =>
  page({
    title: 'Express',
    main: `<p class="note">${delivery(freeFrom)}</p>
<section class="hero"><div data-mbox="hero">${hero}</div>${teapot}</section>
<section class="strip waits" data-mbox="tasting">${defaults.tasting}</section>
<h2 class="section">Six teas, all year</h2>
<ul class="shelf">${shelf}</ul>`,
    foot: `<p class="told">Decided on the server: hero, delivery. Acknowledged by Target: <b role="status">nothing yet</b></p>
<script type="application/json" id="account">${JSON.stringify(account)}</script>
<script type="application/json" id="server-state">${serverState}</script>
<script src="/js/isotarget.global.js"></script>
<script type="module" src="/page.js"></script>`,
  })

export const tasting = () =>
  page({
    title: tastingSet.name,
    main: `<section class="product">
<div class="tins" aria-hidden="true">${teas.map(({ colour }) => tin(colour)).join('')}</div>
<form method="post" action="/order">
<p class="eyebrow">Six small tins</p>
<h1>${tastingSet.name}</h1>
<p class="lede">One of each of our teas, twelve cups a tin.</p>
<p class="price">${euros(tastingSet.price)}</p>
<button class="button">Buy now</button>
</form>
</section>`,
  })

export const thanks = () =>
  page({
    title: 'Thank you',
    main: `<section class="plain">
<h1>Thank you. The kettle is yours.</h1>
<p class="lede">Your order is a conversion now, of every activity that you are in.</p>
<a class="button" href="/">Once more</a>
</section>`,
  })

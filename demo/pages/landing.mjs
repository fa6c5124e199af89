import { page } from './page.mjs'

const cards = [
  {
    href: '/script-tag/',
    title: 'Script tag',
    text: 'One file, one global. Offers for a banner and a promotion, shown without flicker; clicks that survive leaving the page.',
    code: 'isotarget.global.js',
  },
  {
    href: '/spa/',
    title: 'Single-page app',
    text: 'Plain ES modules. Views prefetched in one call with a feature flag, displays batched, an order as a conversion.',
    code: "import { TargetClient } from 'isotarget'",
  },
  {
    href: '/ssr/',
    title: 'Server-rendered',
    text: 'Decided on the server, in the HTML from the first byte; the browser goes on as the same visitor.',
    code: 'const visitor = target.visitor(request)',
  },
]

const card = ({ href, title, text, code }) => `<li><a class="door" href="${href}">
  <h2>${title}</h2><p>${text}</p><code>${code}</code><span class="go">Open →</span>
</a></li>`

const main = `<section class="intro">
  <p class="eyebrow">isotarget, live</p>
  <h1>One tea shop, three ways to ask Adobe Target.</h1>
  <p class="lede">isotarget asks Target for offers, shows them, and reports what was displayed and clicked, in browsers and on servers alike.
  Here it talks to a local edge that decides and counts as Target does, so you need no account and no network.</p>
</section>
<ul class="doors">${cards.map(card).join('')}</ul>
<section class="hints">
  <h2>Things to try</h2>
  <ol>
    <li><b>Reload a page</b> and watch its impressions go up by one each.</li>
    <li><b>Follow a banner</b>: the page goes away at once, and its click still arrives, by beacon.</li>
    <li><b>Buy something</b>: the order is a conversion of every activity you are in.</li>
    <li><b>Become a new visitor</b> until you meet the other experiences.</li>
    <li><b><a href="/script-tag/?isotarget-inspector">Look inside</a></b>: the inspector outlines each offer on the page, and says why it is
    this one.</li>
  </ol>
</section>`

export const landing = () => page({ title: 'Demo', path: '/', main })

/** The teas, for the server and the browser alike. */
export const teas = [
  { id: 'fog-on-the-moor', name: 'Fog on the Moor', kind: 'Smoked Earl Grey', price: 14, colour: '#2f4f5b' },
  { id: 'first-light', name: 'First Light', kind: 'Darjeeling, spring picking', price: 16, colour: '#a3492a' },
  { id: 'hedgerow', name: 'Hedgerow', kind: 'Elderflower and nettle', price: 11, colour: '#58703d' },
  { id: 'harbour-black', name: 'Harbour Black', kind: 'Strong Assam', price: 12, colour: '#3b2c2a' },
  { id: 'quiet-hour', name: 'Quiet Hour', kind: 'Chamomile and honeybush', price: 11, colour: '#c08a2e' },
  { id: 'salt-and-pine', name: 'Salt & Pine', kind: 'Sencha with sea salt', price: 17, colour: '#3f6b62' },
]

export const tastingSet = { id: 'tasting-set', name: 'The tasting set', price: 24 }

export const teaOf = (id) => teas.find((tea) => tea.id === id)

export const euros = (amount) => `€${amount.toFixed(2).replace('.00', '')}`

/** A tin of tea. */
export const tin = (colour) => `<svg class="tin" viewBox="0 0 120 150" role="img" aria-label="A tin of tea">
  <ellipse cx="60" cy="138" rx="46" ry="7" fill="#1d2a24" opacity=".12"/>
  <rect x="18" y="34" width="84" height="102" rx="7" fill="${colour}"/>
  <rect x="18" y="34" width="17" height="102" rx="7" fill="#fff" opacity=".1"/>
  <rect x="14" y="14" width="92" height="26" rx="6" fill="${colour}"/>
  <rect x="14" y="14" width="92" height="26" rx="6" fill="#000" opacity=".16"/>
  <rect x="14" y="14" width="92" height="5" rx="2.5" fill="#fff" opacity=".18"/>
  <rect x="32" y="58" width="56" height="56" rx="28" fill="#f8f2e6"/>
  <path d="M60 104c-13-9-15-24-1-37 13 12 15 27 1 37Z" fill="${colour}"/>
  <path d="M60 110V76m0 14-6-6m6 14 6-7" fill="none" stroke="#f8f2e6" stroke-width="1.8" stroke-linecap="round"/>
</svg>`

/** A tea on the shelf. `href` leads to its page, `action` is what stands below its name. */
export const teaCard = (tea, { href, action }) => {
  const face = `<span class="tile">${tin(tea.colour)}</span><span class="name">${tea.name}</span>`
  return `<li class="tea">
    ${href ? `<a class="face" href="${href}" data-route="${href}">${face}</a>` : `<div class="face">${face}</div>`}
    <p class="kind">${tea.kind}</p>
    ${action}
  </li>`
}

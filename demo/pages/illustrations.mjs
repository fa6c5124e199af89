/** A teapot and a cup; the steam moves unless the visitor would rather not have movement. */
export const teapot = `<svg class="teapot" viewBox="0 0 420 330" role="img" aria-label="A teapot and a steaming cup">
  <circle class="sun" cx="232" cy="146" r="132"/>
  <ellipse cx="214" cy="296" rx="186" ry="13" fill="#1d2a24" opacity=".14"/>
  <g class="steam" fill="none" stroke-width="6" stroke-linecap="round">
    <path d="M76 188c-12-16 12-26 0-44s10-24 2-38"/>
    <path d="M102 192c-10-14 10-22 0-38s8-22 2-32"/>
  </g>
  <path d="M300 150c62-18 92 12 82 52-8 34-44 52-92 48l4-20c34 2 58-8 63-32 5-26-16-38-50-28Z" fill="#26423a"/>
  <path d="M172 172c-30 2-38-34-66-44l-16 10c28 22 22 82 84 100Z" fill="#26423a"/>
  <path d="M154 190c0-50 34-78 82-78s82 28 82 78c0 62-26 102-82 102s-82-40-82-102Z" fill="#31564b"/>
  <path d="M172 186c2-34 20-54 44-60-34 32-36 96-14 142-20-16-32-46-30-82Z" fill="#fff" opacity=".12"/>
  <path d="M178 116c10-22 30-34 58-34s48 12 58 34c-18 10-38 14-58 14s-40-4-58-14Z" fill="#26423a"/>
  <circle cx="236" cy="74" r="12" fill="#c25a34"/>
  <path d="M236 244c-23-16-26-43-2-66 23 22 26 48 2 66Z" fill="#f3e7d2"/>
  <path d="M236 252v-56m0 26-10-10m10 24 10-12" fill="none" stroke="#31564b" stroke-width="3" stroke-linecap="round"/>
  <path d="M118 226c30-6 40 8 34 26-6 16-24 22-44 18l2-10c16 2 28-2 31-12 3-11-6-15-22-13Z" fill="#efe4d0"/>
  <path d="M44 214h82c0 46-10 78-41 78s-41-32-41-78Z" fill="#fffaf0"/>
  <ellipse cx="85" cy="214" rx="41" ry="9" fill="#a95c30"/>
  <path d="M52 226c1 26 7 46 18 58-14-8-22-30-22-58Z" fill="#1d2a24" opacity=".08"/>
</svg>`

export const leaf = `<svg class="leaf" viewBox="0 0 24 24" aria-hidden="true">
  <path d="M12 22C5 17 4 9 12 1c8 8 7 16 0 21Z" fill="currentColor"/>
</svg>`

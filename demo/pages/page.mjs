import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { leaf } from './illustrations.mjs'

/** There is no bundler here, so the browser is told where packages are. */
const imports = JSON.stringify({
  imports: {
    isotarget: '/dist/browser.js',
    'isotarget/browser': '/dist/browser.js',
    'isotarget/dom': '/dist/dom.js',
    valibot: '/node_modules/valibot/dist/index.mjs',
    nanoid: '/node_modules/nanoid/index.browser.js',
  },
})

export const importMap = `<script type="importmap">${imports}</script>`

/** A strict policy: nothing inline but the import map, which is known by its hash. */
export const security = [
  "default-src 'self'",
  `script-src 'self' 'sha256-${createHash('sha256').update(imports).digest('base64')}'`,
  "object-src 'none'",
  "base-uri 'none'",
].join('; ')

/** JSON in a script element: `<` is escaped, so that no text in it can end the element. */
export const state = (id, value) =>
  `<script type="application/json" id="${id}">${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>`

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** The very code that runs on the page. */
export const code = (title, file, text) => `<details class="source">
    <summary>${title} <span>${file}</span></summary>
    <pre tabindex="0"><code>${escaped(text.trim())}</code></pre>
  </details>`

/** The same, read from its file. */
export const source = (title, file) =>
  code(title, `demo/${file}`, readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'))

const doors = [
  ['/script-tag/', 'Script tag'],
  ['/spa/', 'Single-page app'],
  ['/ssr/', 'Server-rendered'],
]

const navigation = (path) =>
  doors
    .map(([href, name]) => `<a href="${href}"${path.startsWith(href) ? ' aria-current="page"' : ''}>${name}</a>`)
    .join('')

const panel = (
  activities,
) => `<aside class="panel" id="panel" aria-label="Live: what Target sees" data-activities="${activities}">
  <button class="panel-bar" type="button" aria-expanded="false" aria-controls="panel-body">
    <span class="pulse" aria-hidden="true"></span><b>Live</b><span class="panel-sum"></span><span class="chevron" aria-hidden="true"></span>
  </button>
  <div class="panel-body" id="panel-body"></div>
</aside>`

/** A page of the shop. `head` holds its scripts, `activities` the ids that its panel shows. */
export const page = ({ title, path, main, head = '', activities = '' }) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Larkmoor Tea</title>
<meta name="theme-color" content="#fbf7ef">
<link rel="icon" href="/assets/icon.svg">
<link rel="stylesheet" href="/assets/shop.css">
<link rel="stylesheet" href="/assets/panel.css">
<script src="/assets/watch.js"></script>
${head}
<script type="module" src="/assets/panel.js"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the shop</a>
<header class="top">
  <a class="brand" href="/">${leaf}Larkmoor</a>
  <nav aria-label="The three pages">${navigation(path)}</nav>
</header>
<main id="main">${main}</main>
<footer class="foot">Larkmoor Tea is made up. The offers, the visitors and the counts on this page are real, on your machine.</footer>
${panel(activities)}
</body>
</html>`

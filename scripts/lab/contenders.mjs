// Who takes part, and what stands in the head of their page: what their documentation asks for, against flicker too.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installInto } from '../installed.mjs'
import { CHANGED, VIEW } from './offers.mjs'
import { compressed } from './site.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const home = join(root, 'node_modules', '.cache', 'isotarget', 'lab')
const ALLOY = { package: '@adobe/alloy', version: '2.33.1' }
const ORGANIZATION = 'ABC@AdobeOrg'
/** How long a page may be hidden at the longest, in ms: what all of them name as a default. */
const LONGEST = 3000

const isotargetHead = (prehideSnippet, selectors) => (consent) =>
  `${prehideSnippet({ selectors, timeout: LONGEST })}
<script async src="/sdk.js" data-client="acme" data-organization-id="${ORGANIZATION}" data-follow="path"
  data-prehide="${selectors}"${consent ? ` data-default-consent="${consent}"` : ''}></script>`

/** Hides by a style element, for so long: what Adobe's snippets do. */
const snippet = (id, css) => `<script>
(function (style) {
  style.id = '${id}'
  style.textContent = '${css}'
  document.head.appendChild(style)
  setTimeout(function () { style.remove() }, ${LONGEST})
})(document.createElement('style'))
</script>`

/** Keeps calls until the script is there, as the Web SDK's base code does. */
const alloyStub = `<script>
(function (here, name) {
  (here.__alloyNS = here.__alloyNS || []).push(name)
  here[name] = function () {
    var asked = arguments
    return new Promise(function (resolve, reject) { here[name].q.push([resolve, reject, asked]) })
  }
  here[name].q = []
})(window, 'alloy')
</script>`

const HIDDEN = ' { opacity: 0 !important }'

const alloyHead =
  ({ before = '', how = '', settings = {} }) =>
  (consent) => {
    const configured = {
      datastreamId: 'd',
      orgId: ORGANIZATION,
      ...settings,
      ...(consent && { defaultConsent: consent }),
    }
    const event = { renderDecisions: true, xdm: { web: { webPageDetails: { viewName: VIEW } } } }
    return `${before}${alloyStub}<script ${how} src="/sdk.js"></script>
<script>
alloy('configure', ${JSON.stringify(configured)})
alloy('sendEvent', ${JSON.stringify(event)})
</script>`
  }

/** An opt-in service that never answers, or says no. */
const optIn = (consent) => `
window.adobe = window.adobe || {}
adobe.OptInCategories = { TARGET: 'target' }
adobe.optIn = {
  isPending: ${consent === 'pending'},
  isApproved: function () { return false },
  fetchPermissions: function (done) { ${consent === 'pending' ? '' : 'done()'} },
}`

const atjsHead = (consent) => `<script>
targetGlobalSettings = ${JSON.stringify({
  clientCode: 'acme',
  imsOrgId: ORGANIZATION,
  serverDomain: 'acme.tt.omtrdc.net',
  timeout: LONGEST,
  ...(consent && { optinEnabled: true }),
})}${consent ? optIn(consent) : ''}
</script>
<script src="/sdk.js"></script>
<script>adobe.target.triggerView('${VIEW}')</script>`

const ours = async () => {
  const read = (path) => readFileSync(join(root, path), 'utf8')
  const { prehideSnippet } = await import(join(root, 'dist', 'dom.js'))
  const shared = {
    script: read('dist/isotarget.global.js'),
    version: JSON.parse(read('package.json')).version,
    isOurs: true,
  }
  return [
    { ...shared, name: 'isotarget', hides: 'elements', head: isotargetHead(prehideSnippet, CHANGED) },
    { ...shared, name: 'isotarget, body hidden', hides: 'body', head: isotargetHead(prehideSnippet, ['body']) },
  ]
}

const alloys = async (say) => {
  try {
    await installInto(home, [ALLOY])
  } catch (error) {
    say(`going on without ${ALLOY.package}, which cannot be installed: ${error.message.split('\n')[0]}`)
    return []
  }
  const script = readFileSync(join(home, 'node_modules', ALLOY.package, 'dist', 'alloy.min.js'), 'utf8')
  const shared = { script, version: ALLOY.version }
  const hiding = (selectors) => ({ before: snippet('alloy-prehiding', `${selectors}${HIDDEN}`), how: 'async' })
  const style = { settings: { prehidingStyle: `body${HIDDEN}` } }
  return [
    { ...shared, name: 'alloy', hides: 'elements', head: alloyHead(hiding(CHANGED)) },
    { ...shared, name: 'alloy, body hidden', hides: 'body', head: alloyHead(hiding('body')) },
    { ...shared, name: 'alloy, blocking', hides: 'body', head: alloyHead(style) },
  ]
}

const atjs = (say) => {
  const path = process.env.ATJS
  if (!path) {
    say('going on without at.js: ATJS is not set to a path of a copy')
    return []
  }
  const script = readFileSync(path, 'utf8')
  const [, version = ''] = /version:\s*"(2\.\d+\.\d+)"/.exec(script) ?? []
  return [{ name: 'at.js, blocking', hides: 'body', version, script, head: atjsHead }]
}

/** The page as it is, without offers. */
const bare = { name: 'no offers', hides: '', version: '', head: () => '', isBare: true }

const withBytes = (contender) => ({ ...contender, ...(contender.script && { bytes: compressed(contender.script) }) })

/** Ours alone, which needs nothing to be installed. */
export const ourContenders = async () => (await ours()).map(withBytes)

export const allContenders = async (say) =>
  [bare, ...(await ours()), ...(await alloys(say)), ...atjs(say)].map(withBytes)

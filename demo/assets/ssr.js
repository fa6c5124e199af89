import { TargetClient } from 'isotarget/browser'

const target = TargetClient.create({
  client: 'demo',
  organizationId: 'DEMO@AdobeOrg',
  serverDomain: location.host,
  secure: false,
})
demo.watch(target) // for the panel on the right

// The server decided and left the offers in the page; the cookies that it set make this the same visitor.
const offers = JSON.parse(document.querySelector('#offers').textContent)

for (const shown of offers) {
  target.display(shown)
  const link = document.querySelector(`[data-mbox="${shown.name}"] a`)
  link.addEventListener('click', () => target.click(shown))
}

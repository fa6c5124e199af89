import { tell } from '/assets/told.js'

const { account, offers } = JSON.parse(document.querySelector('#target').textContent)

// The cookies that the server has set make this the same visitor.
const target = isotarget.TargetClient.create({ ...account, timeout: 500 })
tell(target, (text) => {
  document.querySelector('.told b').textContent = text
})

// Decided on the server and shown already: reported here, and so are clicks.
for (const shown of offers) {
  target.display(shown)
  document.querySelector(`[data-mbox="${shown.name}"] a`)?.addEventListener('click', () => target.click(shown))
}

// Decided here. `render` reports displays and clicks by itself.
target
  .getOffers({ request: { prefetch: { mboxes: isotarget.mboxes('tasting') } } })
  .then((result) => isotarget.render(result, target))
  .catch((error) => console.info('The default content stays:', error.message))
  .finally(() => document.querySelector('.waits').classList.remove('waits'))

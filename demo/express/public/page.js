import { tell } from '/assets/told.js'

const { TargetClient, mboxes, render } = isotarget
const textOf = (id) => document.getElementById(id).textContent
const placeOf = (name) => document.querySelector(`[data-mbox="${name}"]`)

// The cookies that the server has set make this the same visitor, its state says what has been asked for.
const target = TargetClient.create({
  ...JSON.parse(textOf('account')),
  serverState: textOf('server-state'),
  timeout: 500,
})

// Decided on the server and shown already: reported here, and so are clicks.
for (const shown of target.offered()?.prefetch?.mboxes ?? []) {
  target.display(shown)
  placeOf(shown.name)?.addEventListener('click', (event) => {
    if (event.target.closest('a')) target.click(shown)
  })
}

// Decided here. `render` reports displays and clicks by itself.
target
  .getOffers({ request: { prefetch: { mboxes: mboxes('tasting') } } })
  .then((result) => render(result, target))
  .catch((error) => console.info('The default content stays:', error.message))
  .finally(() => placeOf('tasting').classList.remove('waits'))

// The line at the foot of the page.
tell(target, (text) => {
  document.querySelector('.told b').textContent = text
})

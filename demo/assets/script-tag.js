const target = isotarget.TargetClient.create({
  client: 'demo',
  organizationId: 'DEMO@AdobeOrg',
  serverDomain: location.host,
  secure: false,
})
demo.watch(target) // for the panel on the right

const show = (shown) => {
  const place = document.querySelector(`[data-mbox="${shown.name}"]`)
  const content = shown.options?.[0]?.content
  if (content) place.innerHTML = content
  place.classList.remove('waits')
  target.display(shown)
  place.querySelector('a').addEventListener('click', () => target.click(shown))
}

const request = { prefetch: { mboxes: isotarget.mboxes('hero', 'tasting') } }
target
  .getOffers({ request, timeout: 500 })
  .then(({ response }) => response.prefetch.mboxes.forEach(show))
  .catch((error) => console.warn('The default content stays:', error.message))

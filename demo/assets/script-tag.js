const target = isotarget.TargetClient.create({
  client: 'demo',
  organizationId: 'DEMO@AdobeOrg',
  serverDomain: location.host,
  secure: false,
})
demo.watch(target) // for the panel on the right

const show = () => {
  for (const place of document.querySelectorAll('.waits')) place.classList.remove('waits')
}

const request = { prefetch: { mboxes: isotarget.mboxes('hero', 'tasting') } }
target
  .getOffers({ request, timeout: 500 })
  .then((result) => isotarget.render(result, target)) // displays and clicks are reported
  .catch((error) => console.warn('The default content stays:', error.message))
  .finally(show)

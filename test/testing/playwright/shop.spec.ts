import { expect, test } from './edge.ts'

test.use({ offers: { hero: '<h1>Summer</h1>' } })

test('the hero is shown, and counts once', async ({ page, edge }) => {
  await page.goto('/')
  await expect(page.getByRole('heading')).toHaveText('Summer')
  await expect.poll(() => edge).toHaveCounted({ impressions: 1 })
  expect(edge).toHaveBeenAskedFor('hero')
})

test('without an answer the default content stays', async ({ page, edge }) => {
  edge.fail({ status: 503, times: Infinity })
  await page.goto('/')
  await expect(page.getByRole('heading')).toHaveText('Our shop')
  await expect.poll(() => edge).toHaveBeenAskedFor('hero')
  expect(edge).toHaveCounted({ impressions: 0 })
})

test('an order counts, though the visitor leaves at once', async ({ page, edge }) => {
  await page.goto('/')
  await expect(page.getByRole('heading')).toHaveText('Summer')
  await page.getByRole('link', { name: 'Buy' }).click()
  await page.waitForURL('**/thanks')
  await expect.poll(() => edge).toHaveCounted({ impressions: 1, conversions: 1, revenue: 19.5 })
})

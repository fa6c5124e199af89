import type { Offers } from '../../src/emulator.ts'

/** Offers of a small shop. The shares send everybody to the experience that is named. */
export const summer = (experience: 'Control' | 'Sun'): Offers => ({
  activities: [
    {
      id: 101,
      name: 'Summer hero',
      experiences: [
        {
          name: 'Control',
          share: experience === 'Control' ? 1 : 0,
          offers: { flags: { json: { newCheckout: false } } },
        },
        {
          name: 'Sun',
          share: experience === 'Sun' ? 1 : 0,
          offers: { hero: '<h1>Sun</h1>', flags: { json: { newCheckout: true } } },
          views: { checkout: [{ type: 'setHtml', selector: '#pay', content: 'Pay now' }] },
          pageLoad: [{ type: 'setText', selector: 'h1', content: 'Summer' }],
        },
      ],
      clicks: { hero: true, checkout: '#pay', '*': '#help' },
      conversions: ['orderConfirmPage'],
      a4t: true,
    },
  ],
})

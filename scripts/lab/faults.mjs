// What may go wrong. Each fault says what is different: the edge, the offers, the consent, or the visitor; and how many offers can be
// shown nevertheless.

/** When a page that is hidden still is looked at, in ms. */
export const LOOKS = [5_000, 10_000]

export const faults = [
  { name: 'hang', title: 'edge hangs', edge: 'hang' },
  { name: '500', title: 'edge answers 500', edge: '500' },
  { name: 'blocked', title: 'edge is blocked', isBlocked: true },
  { name: 'selector', title: 'invalid selector', addition: 'selector', shows: 4 },
  { name: 'missing', title: 'missing in a view', addition: 'missing-view', shows: 4 },
  { name: 'missing-page', title: 'missing in the page load', addition: 'missing-page', shows: 4 },
  { name: 'pending', title: 'consent pending', consent: 'pending' },
  { name: 'out', title: 'consent refused', consent: 'out' },
  { name: 'leaves', title: 'visitor leaves at once', hasToLeave: true },
  { name: 'leaves-missing', title: 'leaves, one is missing', addition: 'missing-view', hasToLeave: true },
]

export const none = { name: 'none', title: 'nothing' }

import type { Artifact } from '../../src/decisioning/artifact.ts'
import { createEmulator, type EmulatorOptions, type Offers } from '../../src/emulator.ts'

/** Where the rules of a client are. */
export const RULES = 'https://assets.adobetarget.com/acme/production/v1/rules.json'

/** What every request says of itself. */
export const context = { channel: 'web' as const }

/** An edge, and the rules that it publishes. */
export const publish = async (options: EmulatorOptions, path = RULES) => {
  const edge = createEmulator(options)
  const artifact = (await (await edge(path)).json()) as Artifact
  return { edge, artifact }
}

/** Two activities that fill places of every kind. */
export const page: Offers = {
  activities: [
    {
      id: 5,
      name: 'Page',
      experiences: [
        {
          name: 'E',
          offers: { hero: ['<b>1</b>', { json: { a: 1 } }], empty: null },
          views: { cart: [{ type: 'setText', selector: '#a', content: 'x' }], home: '<i>home</i>' },
          pageLoad: [{ type: 'setText', selector: '#b', content: 'y' }],
        },
      ],
      clicks: { hero: true, cart: ['#a', '#b'], '*': '#help' },
    },
    { id: 6, name: 'Second', experiences: [{ name: 'E', pageLoad: '<p>second</p>', views: { cart: '<u>2</u>' } }] },
  ],
}

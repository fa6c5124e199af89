import { test as base, expect as plain } from '@playwright/test'
import { createEmulator, type Emulator, type Offers } from 'isotarget/emulator'
import { edgeMatchers } from 'isotarget/testing'

export const test = base.extend<{ offers: Offers; edge: Emulator }>({
  /** What Target offers: `test.use({ offers: { hero: '<h1>Summer</h1>' } })`. */
  offers: [{}, { option: true }],
  /** A Target edge for this test alone, to which its pages are pointed. */
  edge: [
    async ({ context, offers }, use) => {
      const edge = createEmulator({ offers })
      const { port, close } = await edge.listen(0)
      const settings = { serverDomain: `127.0.0.1:${port}`, secure: false }
      await context.addInitScript((value) => Object.assign(window, { isotargetSettings: value }), settings)
      await use(edge)
      await close()
    },
    { auto: true },
  ],
})

export const expect = plain.extend(edgeMatchers)

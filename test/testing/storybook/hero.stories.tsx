import type { Meta, StoryObj } from '@storybook/react'
import { createEmulator } from 'isotarget/emulator'
import { expect, waitFor, within } from 'storybook/test'
import { Hero } from './hero.tsx'
import { withTarget } from './with-target.tsx'

const meta = { component: Hero, decorators: [withTarget], args: { title: 'Our shop' } } satisfies Meta<typeof Hero>
export default meta
type Story = StoryObj<typeof meta>

export const Summer: Story = {
  parameters: { edge: createEmulator({ offers: { hero: '<h1>Summer</h1>' } }) },
  play: async ({ canvasElement, parameters }) => {
    await within(canvasElement).findByRole('heading', { name: 'Summer' })
    await waitFor(() => expect(parameters.edge.ledger.total('impression')).toBe(1))
  },
}

export const DefaultContent: Story = {
  parameters: { edge: createEmulator() },
  play: async ({ canvasElement, parameters }) => {
    await waitFor(() => expect(parameters.edge.requests).toHaveLength(1))
    await within(canvasElement).findByRole('heading', { name: 'Our shop' })
    await expect(parameters.edge.ledger.total('impression')).toBe(0)
  },
}

import { Writable } from 'node:stream'
import { createElement as h, type ReactNode, Suspense } from 'react'
import { renderToPipeableStream } from 'react-dom/server'
import { onTestFinished } from 'vitest'
import { createEmulator, type EmulatorOptions } from '../../src/emulator.ts'
import { Mbox, useAttribute, useOffer } from '../../src/react.ts'
import { type ClientOptions, TargetClient } from '../../src/server.ts'

const OFFERS = { hero: '<b>Sun</b>', promo: { title: 'Summer sale' }, flags: { columns: 4, isNew: 'true' } }

/** A local edge, a client of the process, and its visitors. */
export const openShop = (options: EmulatorOptions = {}, client: Partial<ClientOptions> = {}) => {
  const edge = createEmulator({ offers: OFFERS, ...options })
  const target = TargetClient.create({
    client: 'acme',
    organizationId: 'ABC@AdobeOrg',
    fetchApi: edge,
    retries: 0,
    ...client,
  })
  onTestFinished(async () => void (await target.close()))
  const visit = (cookie = '') => target.visitor(new Request('https://shop.example/', { headers: { cookie } }))
  const mboxesOf = (at: number) => {
    const { prefetch } = (edge.requests[at]?.body ?? {}) as { prefetch?: { mboxes: { name: string }[] } }
    return prefetch?.mboxes.map(({ name }) => name)
  }
  return { edge, target, visit, mboxesOf }
}

export const Promo = ({ suspense = false, parameters = {} }: { suspense?: boolean; parameters?: object }) => {
  const { content, status, error } = useOffer('promo', { suspense, parameters: parameters as Record<string, string> })
  return h('p', { title: error?.code ?? status }, `${(content as { title?: string })?.title ?? 'Our shop'}`)
}

export const Columns = ({ suspense = false }: { suspense?: boolean }) =>
  h('i', null, useAttribute('flags', 'columns', 3, { suspense }))

export const Hero = ({ suspense = false }: { suspense?: boolean }) =>
  h(Mbox, { name: 'hero', suspense, className: 'hero', fallback: h('h1', null, 'Welcome') })

/** All of them, waiting. */
export const Waiting = () =>
  h(
    Suspense,
    { fallback: '…' },
    [Promo, Columns, Hero].map((part) => h(part as typeof Hero, { key: part.name, suspense: true })),
  )

/** The HTML of a stream in which everything has come, and what went wrong in it. */
export const stream = (node: ReactNode): Promise<{ html: string; errors: unknown[] }> =>
  new Promise((done, fail) => {
    let html = ''
    const errors: unknown[] = []
    const { pipe } = renderToPipeableStream(node, {
      onShellError: fail,
      onError: (error) => void errors.push(error),
      onAllReady: () =>
        pipe(
          new Writable({
            write(chunk, _, next) {
              html += chunk
              next()
            },
            final(next) {
              done({ html, errors })
              next()
            },
          }),
        ),
    })
  })

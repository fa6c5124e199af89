import { createElement as h, type ReactElement, type ReactNode, Suspense } from 'react'
import { Mbox, type OffersState, TargetProvider, useAttribute, useOffer, useView } from '../../../src/react.ts'
import type { Client } from '../../../src/server.ts'
import type { PageOfParts, Part } from './parts.ts'

type Of<Is extends Part['is']> = Extract<Part, { is: Is }>

const MboxPart = ({ name, fallback, options }: Of<'mbox'>) =>
  h(Mbox, { name, id: name, fallback: h('em', null, fallback), ...options })

const OfferPart = ({ name, fallback, options }: Of<'offer'>) => {
  const { content, status, error, ref } = useOffer(name, options)
  const text = typeof content === 'object' ? `${content.title}` : (content ?? fallback)
  return h('p', { id: name, ref, title: error?.code ?? status }, text)
}

const AttributePart = ({ name, field, value, options }: Of<'attribute'>) =>
  h('i', { id: name }, useAttribute(name, field, value, { suspense: options?.suspense }))

const ViewPart = ({ name }: Of<'view'>) => {
  useView(name)
  return h('u', null, name)
}

const nodeOf = (part: Part): ReactNode => {
  if (part.is === 'mbox') return h(MboxPart, part)
  if (part.is === 'offer') return h(OfferPart, part)
  if (part.is === 'attribute') return h(AttributePart, part)
  if (part.is === 'view') return h(ViewPart, part)
  return part.is === 'space' ? h('div', { style: { height: 5_000 } }) : part.text
}

/** A page of parts, each in a boundary of its own when it waits. */
export const Page = ({ client, parts, state, ...rest }: PageOfParts & { client: Client | undefined }): ReactElement =>
  h(
    TargetProvider,
    { client, state: state as OffersState | undefined, ...rest },
    parts.map((part, at) =>
      'options' in part && part.options?.suspense
        ? h(Suspense, { key: at, fallback: h('s', null, '…') }, nodeOf(part))
        : h('div', { key: at }, nodeOf(part)),
    ),
  )

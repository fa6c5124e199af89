import { type App, createApp, createSSRApp, defineComponent, h, type PropType, shallowReactive, type VNode } from 'vue'
import type { Client } from '../../../src/server.ts'
import { createTarget, Mbox, type OffersState, useAttribute, useOffer, useView } from '../../../src/vue.ts'
import type { PageOfParts, Part, PartOptions } from './parts.ts'

/** A server waits for what waits in a `Suspense` of React. */
const optionsOf = ({ suspense, ...options }: PartOptions = {}) => ({
  ...options,
  ...(suspense !== undefined && { wait: suspense }),
})

const OfferPart = defineComponent({
  props: { name: { type: String, required: true }, fallback: String, options: Object as PropType<PartOptions> },
  setup({ name, fallback, options }) {
    const { content, status, error, ref } = useOffer(name, optionsOf(options))
    const text = () => (typeof content.value === 'object' ? `${content.value.title}` : (content.value ?? fallback))
    return () => h('p', { id: name, ref, title: error.value?.code ?? status.value }, text())
  },
})

const AttributePart = defineComponent({
  props: {
    name: { type: String, required: true },
    field: { type: String, required: true },
    value: { type: Number, required: true },
    options: Object as PropType<PartOptions>,
  },
  setup({ name, field, value, options }) {
    const read = useAttribute(name, field, value, { wait: options?.suspense })
    return () => h('i', { id: name }, read.value)
  },
})

const ViewPart = defineComponent({
  props: { name: { type: String, required: true } },
  setup(props) {
    useView(() => props.name)
    return () => h('u', props.name)
  },
})

const nodeOf = (part: Part): VNode | string => {
  if (part.is === 'mbox')
    return h(Mbox, { name: part.name, id: part.name, ...optionsOf(part.options) }, () => h('em', part.fallback))
  const { is, ...props } = part
  if (part.is === 'offer') return h(OfferPart, props as never)
  if (part.is === 'attribute') return h(AttributePart, props as never)
  if (part.is === 'view') return h(ViewPart, props as never)
  return part.is === 'space' ? h('div', { style: { height: '5000px' } }) : part.text
}

/** A page of parts, and the way to draw others. */
export const appOf = (page: PageOfParts, client: Client | undefined, isHydrating = false) => {
  const drawn = shallowReactive({ parts: page.parts })
  const render = () =>
    h(
      'main',
      drawn.parts.map((part, at) => h('div', { key: at }, [nodeOf(part)])),
    )
  const app: App = (isHydrating ? createSSRApp : createApp)({ render })
  const { state, mboxes, report } = page
  app.use(createTarget({ client, state: state as OffersState | undefined, mboxes, report }))
  return { app, draw: (next: PageOfParts) => Object.assign(drawn, { parts: next.parts }) }
}

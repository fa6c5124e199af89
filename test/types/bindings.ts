import type { ComputedRef } from 'vue'
import * as React from '../../src/react.ts'
import * as Vue from '../../src/vue.ts'
import type { Same } from './paths.ts'

/** Fails to compile unless the value is of this very type. */
const is = <Expected>() => ({ exactly: <Actual>(_: Actual, same: Same<Actual, Expected>) => same })

type Content = string | Record<string, unknown> | undefined

/** Never run: without a `Register` every name is allowed, and values are of the type of the default. */
export const anything = () => [
  is<Content>().exactly(React.useOffer('hero').content, true),
  is<number>().exactly(React.useAttribute('flags', 'columns', 3), true),
  is<boolean>().exactly(React.useAttribute('flags', 'isNew', false, { parameters: { size: 1 } }), true),
  is<string[]>().exactly(React.useAttribute('flags', 'list', [] as string[]), true),
  is<ComputedRef<Content>>().exactly(Vue.useOffer('hero').content, true),
  is<ComputedRef<number>>().exactly(Vue.useAttribute('flags', 'columns', 3), true),
  React.useView('home'),
  React.useView(undefined),
  Vue.useView(() => 'home'),
]

export const mistakes = () => [
  // @ts-expect-error there is no such way to report
  React.useOffer('hero', { report: 'click' }),
  // @ts-expect-error a misspelt option
  React.useOffer('hero', { suspended: true }),
  // @ts-expect-error values of parameters are no objects
  React.useOffer('hero', { parameters: { user: { age: 1 } } }),
  // @ts-expect-error an attribute has a default
  React.useAttribute('flags', 'columns'),
  // @ts-expect-error a provider has a client, though it may be undefined
  React.TargetProvider({}),
  // @ts-expect-error an mbox has a name
  React.Mbox({ fallback: 'Welcome' }),
  // @ts-expect-error what is in an mbox is its fallback
  React.Mbox({ name: 'hero', dangerouslySetInnerHTML: { __html: '' } }),
  // @ts-expect-error Vue waits by another name
  Vue.useOffer('hero', { suspense: true }),
]

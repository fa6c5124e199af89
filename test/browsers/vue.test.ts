import { describeBinding } from './bindings-cases.ts'
import { describeHydratedBinding } from './bindings-hydration.ts'
import { vue } from './bindings-vue.ts'

describeBinding(vue)
describeHydratedBinding(vue)

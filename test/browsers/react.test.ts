import { describeBinding } from './bindings-cases.ts'
import { describeHydratedBinding } from './bindings-hydration.ts'
import { react } from './bindings-react.ts'

describeBinding(react)
describeHydratedBinding(react)

import { describeHydration } from './hydration-cases.ts'
import { react } from './hydration-frameworks.ts'

describeHydration(react)

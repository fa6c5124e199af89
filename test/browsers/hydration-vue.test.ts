import { describeHydration } from './hydration-cases.ts'
import { vue } from './hydration-frameworks.ts'

describeHydration(vue)

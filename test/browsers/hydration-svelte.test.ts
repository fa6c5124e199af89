import { describeHydration } from './hydration-cases.ts'
import { svelte } from './hydration-frameworks.ts'

describeHydration(svelte)

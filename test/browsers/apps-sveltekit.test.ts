import { describeApp } from './app-cases.ts'

describeApp('sveltekit', { build: true })

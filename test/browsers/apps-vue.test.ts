import { describeApp } from './app-cases.ts'

describeApp('vue', { build: true })

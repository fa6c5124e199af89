import { describeApp } from './app-cases.ts'

describeApp('next', { build: true })

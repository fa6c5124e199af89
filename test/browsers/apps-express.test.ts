import { describeApp } from './app-cases.ts'

describeApp('express')

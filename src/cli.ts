#!/usr/bin/env node
/**
 * The command `isotarget`. Each of its words is a file in `cli/`.
 * @module
 */
import { run } from './cli/run.ts'

// Not `process.exit`: what is written into a pipe may still be on its way.
process.exitCode = await run(process.argv.slice(2))

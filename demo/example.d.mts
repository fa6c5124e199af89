import type { ChildProcess, StdioOptions } from 'node:child_process'

export declare const EXAMPLES: readonly string[]

export declare const missingNode: (example: string) => string | undefined

export declare const runScript: (
  example: string,
  script: string,
  options: { env: Readonly<Record<string, string | undefined>>; stdio: StdioOptions },
) => ChildProcess | undefined

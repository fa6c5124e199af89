import { artifactCheck } from './artifact-check.ts'
import { artifactDiff } from './artifact-diff.ts'
import { artifactExplain } from './artifact-explain.ts'
import type { Command } from './command.ts'
import { curlCommand } from './curl.ts'
import { decideCommand } from './decide.ts'
import { edgeCommand } from './edge.ts'

/** All commands, in the order of help. */
export const commands: readonly Command[] = [
  edgeCommand,
  decideCommand,
  curlCommand,
  artifactCheck,
  artifactExplain,
  artifactDiff,
]

import { artifactCheck } from './artifact-check.ts'
import { artifactExplain } from './artifact-explain.ts'
import type { Command } from './command.ts'
import { decideCommand } from './decide.ts'
import { edgeCommand } from './edge.ts'

/** All commands, in the order of help. */
export const commands: readonly Command[] = [edgeCommand, decideCommand, artifactCheck, artifactExplain]

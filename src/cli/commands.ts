import { artifactCheck } from './artifact-check.ts'
import { artifactExplain } from './artifact-explain.ts'
import type { Command } from './command.ts'
import { decideCommand } from './decide.ts'

/** All commands, in the order of help. */
export const commands: readonly Command[] = [decideCommand, artifactCheck, artifactExplain]

import { artifactCheck } from './artifact-check.ts'
import { artifactDiff } from './artifact-diff.ts'
import { artifactExplain } from './artifact-explain.ts'
import type { Command } from './command.ts'
import { curlCommand } from './curl.ts'
import { decideCommand } from './decide.ts'
import { doctorCommand } from './doctor.ts'
import { edgeCommand } from './edge.ts'
import { recordCommand } from './record.ts'
import { replayCommand } from './replay.ts'

/** All commands, in the order of help. */
export const commands: readonly Command[] = [
  edgeCommand,
  recordCommand,
  replayCommand,
  decideCommand,
  curlCommand,
  doctorCommand,
  artifactCheck,
  artifactExplain,
  artifactDiff,
]

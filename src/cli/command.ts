import type { Exit } from './failure.ts'
import { type Flags, type Given, titled } from './flags.ts'
import type { Terminal } from './terminal.ts'

/** Flags of every command. */
export const everywhere = titled('Everywhere', {
  json: { text: 'Writes one JSON document instead of words, also when it fails' },
  help: { short: 'h', text: 'Shows help' },
})

/** A command line that can be run as it stands, and what it is for. */
type Example = readonly [purpose: string, line: string]

/** What a command is given to work with. */
interface Work<Known extends Flags> {
  given: Given<Known & typeof everywhere>
  /** What is no flag. */
  words: readonly string[]
  terminal: Terminal
}

/** One command. */
export interface Command<Known extends Flags = Flags> {
  /** As it is typed: `artifact check`. */
  name: string
  /** What it does, in a few words. */
  summary: string
  /** What it does, in a few sentences. */
  description: string
  /** What it takes that is no flag, as help calls it: `<file|url|->`, `<before> <after>`. @default nothing */
  takes?: string
  flags: Known
  examples: readonly Example[]
  /** Does it. Throws what ends it: a failure, or any error. */
  run(work: Work<Known>): Promise<Exit> | Exit
}

/** Makes a command, which knows its own flags. */
export const command = <const Known extends Flags>(made: Command<Known>): Command<Known> => made

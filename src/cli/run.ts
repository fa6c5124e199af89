import { type Command, everywhere } from './command.ts'
import { commands } from './commands.ts'
import { EXIT, type Exit, isFailure, misused, reasonOf } from './failure.ts'
import { parseFlags } from './flags.ts'
import { helpJson, helpOf, helpOfAll, versionFlag } from './help.ts'
import { json, plain } from './layout.ts'
import { nearest } from './nearest.ts'
import { openTerminal, type Terminal } from './terminal.ts'

declare const __VERSION__: string

const version = __VERSION__

/** Commands that begin with a word, such as `artifact`. */
const groupOf = (word: string): Command[] => commands.filter(({ name }) => name.startsWith(`${word} `))

/** What a command line is about: one command, or help of a group of them. */
interface Chosen {
  command?: Command
  group?: string
  /** What follows. */
  rest: readonly string[]
}

const noSuch = (typed: string, names: readonly string[], help: string) => {
  const meant = nearest(typed, names)
  const advice = meant ? `did you mean isotarget ${meant}?` : `see ${help}`
  return misused(`There is no command ${typed}: ${advice}`)
}

/** Finds the command. Throws a failure of usage for one that does not exist. */
const choose = (given: readonly string[]): Chosen => {
  const args = given[0] === 'help' ? [...given.slice(1), '--help'] : given
  const [first = '', second = ''] = args
  if (first === '' || first.startsWith('-')) return { rest: args }
  const command = commands.find(({ name }) => name === first)
  if (command) return { command, rest: args.slice(1) }
  const group = groupOf(first)
  const names = commands.map(({ name }) => name)
  if (!group.length)
    throw noSuch(first, [...names, ...names.map((name) => name.replace(/ .*/, ''))], 'isotarget --help')
  if (second === '' || second.startsWith('-')) return { group: first, rest: args.slice(1) }
  const typed = `${first} ${second}`
  const chosen = group.find(({ name }) => name === typed)
  if (chosen) return { command: chosen, rest: args.slice(2) }
  throw noSuch(typed, names, `isotarget ${first} --help`)
}

/** Help where no command was named; the version, where that is asked for. */
const introduce = ({ group, rest }: Chosen, terminal: Terminal): Exit => {
  const flags = group ? everywhere : { ...everywhere, ...versionFlag }
  const name = group ? `isotarget ${group}` : 'isotarget'
  const { given, words } = parseFlags(name, { ...versionFlag, ...flags }, rest)
  if (words.length) throw misused(`The command comes first: isotarget ${words.join(' ')} …`)
  if (given.version) {
    terminal.out(given.json ? json({ version }) : version)
    return EXIT.ok
  }
  const subject = { version, commands: group ? groupOf(group) : commands, ...(group && { group }) }
  if (!given.help) {
    if (!given.json) terminal.err(`${helpOfAll(subject, { ...terminal, paint: terminal.paintErr })}\n`)
    throw misused(`There is no command: name one, such as ${name} ${group ? 'check' : 'decide'}`)
  }
  terminal.out(given.json ? json(helpJson(subject)) : helpOfAll(subject, terminal))
  return EXIT.ok
}

const perform = async (command: Command, rest: readonly string[], terminal: Terminal): Promise<Exit> => {
  const { given, words } = parseFlags(`isotarget ${command.name}`, { ...command.flags, ...everywhere }, rest)
  if (given.help) {
    const subject = { version, commands: [command] }
    terminal.out(given.json ? json(helpJson(subject)) : helpOf(command, terminal))
    return EXIT.ok
  }
  const [word] = words.slice(command.takes?.match(/</g)?.length ?? 0)
  if (word !== undefined) {
    const isPlace = !command.takes && Object.hasOwn(command.flags, 'artifact')
    const advice = isPlace ? `write --artifact ${word} if it is one` : `see isotarget ${command.name} --help`
    throw misused(`isotarget ${command.name} does not take ${word}: ${advice}`)
  }
  return command.run({ given, words, terminal })
}

const tell = (error: unknown, args: readonly string[], { out, err, paintErr }: Terminal): Exit => {
  const known = isFailure(error)
  const exit = known ? error.exit : EXIT.failed
  const message = known ? error.message : `This is a fault of isotarget, please report it: ${reasonOf(error)}`
  err(`${paintErr.bad('isotarget:')} ${plain(message)}`)
  if (args.includes('--json')) out(json({ error: { message, exitCode: exit } }))
  return exit
}

/** Runs a command line. Never rejects: what goes wrong is told, and is the exit code. */
export const run = async (args: readonly string[]): Promise<Exit> => {
  const terminal = openTerminal()
  try {
    const chosen = choose(args)
    if (chosen.command) return await perform(chosen.command, chosen.rest, terminal)
    return introduce(chosen, terminal)
  } catch (error) {
    return tell(error, args, terminal)
  }
}

import { type Command, everywhere } from './command.ts'
import { EXITS } from './failure.ts'
import { type Flag, type Flags, titled } from './flags.ts'
import { table, wrapped } from './layout.ts'
import type { Terminal } from './terminal.ts'

/** What help is about. */
export interface Subject {
  version: string
  /** All of them, or those of one group. */
  commands: readonly Command[]
  /** What they begin with, such as `artifact`. @default all */
  group?: string
}

const section = (title: string, body: string, { paint }: Terminal): string => `\n${paint.strong(title)}\n${body}`

/** Columns that a text needs beside its flag; with fewer it stands below. */
const BESIDE = 36

const flagRows = (flags: Flags, left: number, { paint, width }: Terminal): string => {
  const isBeside = width - left >= BESIDE
  const indent = ' '.repeat(isBeside ? left : 8)
  const rows = Object.entries(flags).map(([name, flag]) => {
    const text = wrapped(flag.isMany ? `${flag.text}; can be repeated` : flag.text, width - indent.length, indent)
    const written = writtenOf(name, flag)
    const gap = isBeside ? ' '.repeat(left - written.length - 2) : `\n${indent}`
    return `  ${paint.name(written)}${gap}${text}`
  })
  return rows.join('\n')
}

const writtenOf = (name: string, { short, value }: Flag): string =>
  `${short ? `-${short}, ` : ''}--${name}${value ? ` <${value}>` : ''}`

/** Flags under their titles, in the order in which the titles first come up. */
const flagSections = (flags: Flags, terminal: Terminal): string[] => {
  const all = Object.entries(flags)
  const left = Math.max(...all.map(([name, flag]) => writtenOf(name, flag).length)) + 4
  const titles = [...new Set(all.map(([, { title = 'Flags' }]) => title))]
  return titles.map((title) => {
    const those = all.filter(([, flag]) => (flag.title ?? 'Flags') === title)
    return section(title, flagRows(Object.fromEntries(those), left, terminal), terminal)
  })
}

/** A line that is to be copied stays whole. */
const exampleLines = (examples: Command['examples'], { paint, width }: Terminal): string =>
  examples
    .map(([purpose, line]) => `  ${paint.faint(wrapped(`# ${purpose}`, width - 2, '  # '))}\n  ${line}`)
    .join('\n\n')

const exitLines = ({ width }: Terminal): string =>
  EXITS.map(([code, meaning]) => `  ${code}  ${wrapped(meaning, width - 5, '     ')}`).join('\n')

/** Help of one command. */
export const helpOf = (command: Command, terminal: Terminal): string => {
  const { name, description, takes, flags, examples } = command
  const { width, paint } = terminal
  return [
    `${paint.strong(`isotarget ${name}`)}`,
    wrapped(description, width),
    section('Usage', `  isotarget ${name} ${takes ? `${takes} ` : ''}[flags]`, terminal),
    ...flagSections({ ...flags, ...everywhere }, terminal),
    section('Examples', exampleLines(examples, terminal), terminal),
    section('Exit codes', exitLines(terminal), terminal),
  ].join('\n')
}

/** Help of the whole, or of a group of commands. */
export const helpOfAll = ({ version, commands, group }: Subject, terminal: Terminal): string => {
  const { paint } = terminal
  const usage = group ? `  isotarget ${group} <command> [flags]` : '  isotarget <command> [flags]'
  const rows = commands.map(({ name, summary }) => [paint.name(name), summary])
  const flags = { ...everywhere, ...(!group && versionFlag) }
  const examples = commands.flatMap((command) => command.examples.slice(0, 1))
  return [
    `${paint.strong('isotarget')} ${version}: Adobe Target from a shell, without an account`,
    section('Usage', usage, terminal),
    section('Commands', table(rows, '  '), terminal),
    ...flagSections(flags, terminal),
    section('Examples', exampleLines(examples, terminal), terminal),
    section('Exit codes', exitLines(terminal), terminal),
    `\nAll about a command: isotarget ${group ? `${group} ` : ''}<command> --help`,
  ].join('\n')
}

/** The flag that only the whole has. */
export const versionFlag = titled('Everywhere', { version: { short: 'v', text: 'Shows the version' } })

/** The same for machines. */
export const helpJson = ({ version, commands }: Subject): object => ({
  version,
  commands: commands.map(({ name, summary, description, takes, flags, examples }) => ({
    name,
    summary,
    description,
    ...(takes && { takes }),
    flags: Object.entries({ ...flags, ...everywhere }).map(([flag, rest]) => ({ name: flag, ...rest })),
    examples: examples.map(([purpose, line]) => ({ purpose, line })),
  })),
  exitCodes: Object.fromEntries(EXITS),
})

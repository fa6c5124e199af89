import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { type Failure, failed, misused, reasonOf } from './failure.ts'
import { fetchInput } from './fetched.ts'
import type { Terminal } from './terminal.ts'

/** Something to be read: a file, the standard input, or an address. */
export interface Input {
  /** A path, `-`, or a URL. */
  place: string
  /** What it holds, in a word: `artifact`, `request`. */
  what: string
}

/** How long an address is waited for, in ms. */
export interface Patience {
  timeout: number
}

/** What people call it. */
export const nameOf = (place: string): string => (place === '-' ? 'the standard input' : place)

const isAddress = (place: string): boolean => /^https?:\/\//i.test(place)

const readStandardInput = async ({ what }: Input, terminal: Terminal): Promise<Uint8Array> => {
  if (terminal.isTyped) terminal.err(`Reading the ${what} from the keyboard: end it with Ctrl-D.`)
  const chunks: Uint8Array[] = []
  for await (const chunk of process.stdin) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** What the system says about files, in words that say what to do. */
const FILE_TROUBLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file: look at the path',
  EISDIR: 'it is a folder: give the file in it',
  EACCES: 'it may not be read: look at its permissions',
}

const unreadable = ({ what, place }: Input, error: unknown): Failure => {
  const { code = '' } = error as NodeJS.ErrnoException
  return failed(`The ${what} ${place} cannot be read: ${FILE_TROUBLE[code] ?? reasonOf(error)}`, error)
}

const readFrom = async (input: Input): Promise<Uint8Array> => {
  try {
    return await readFile(input.place)
  } catch (error) {
    throw unreadable(input, error)
  }
}

/** Reads a file at once. Throws a failure. */
export const readText = (input: Input): string => {
  try {
    return readFileSync(input.place, 'utf8')
  } catch (error) {
    throw unreadable(input, error)
  }
}

/** Reads all of it. Throws a failure. */
export const readInput = async (input: Input, terminal: Terminal, { timeout }: Patience): Promise<Uint8Array> => {
  const { place, what } = input
  if (isAddress(place)) return fetchInput(place, { terminal, timeout })
  const bytes = await (place === '-' ? readStandardInput(input, terminal) : readFrom(input))
  if (!bytes.length) throw failed(`The ${what} of ${nameOf(place)} is empty: look at what writes it`)
  return bytes
}

/** Reads JSON. Throws a failure of usage for what is none. */
export const readJson = async (input: Input, terminal: Terminal, patience: Patience): Promise<unknown> => {
  const text = new TextDecoder().decode(await readInput(input, terminal, patience))
  try {
    return JSON.parse(text)
  } catch (error) {
    throw misused(`The ${input.what} of ${nameOf(input.place)} is no JSON: ${reasonOf(error)}`, error)
  }
}

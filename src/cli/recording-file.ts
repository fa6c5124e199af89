import { closeSync, existsSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { type RecordedExchange, type Recording, readRecording } from '../recording/recording.ts'
import { failed, inner, reasonOf } from './failure.ts'
import { readText } from './input.ts'
import { json } from './layout.ts'

const EMPTY: Recording = { recording: 1, kept: [], exchanges: [] }

/** Reads a recording from a file. Throws a failure that says what is wrong with it. */
export const readRecordingFile = (file: string): Recording => {
  const text = readText({ place: file, what: 'recording' })
  try {
    return readRecording(JSON.parse(text))
  } catch (error) {
    throw failed(`The file ${file} is no recording: ${inner(reasonOf(error))}`, error)
  }
}

/** A recording that is there is gone on with. */
export const recordingBefore = (file: string): Recording => (existsSync(file) ? readRecordingFile(file) : EMPTY)

const END = '\n  ]\n}\n'

/**
 * Writes a recording, and adds exchanges to it: the file is whole JSON after each of them, and what is there is not written again. An
 * exchange that could not be written is written with the next one. Throws a failure for a file that cannot be written; so does `end`
 * when anything is still missing.
 */
export const openRecordingFile = (file: string, { exchanges, ...head }: Recording) => {
  const indented = (exchange: RecordedExchange): string => json(exchange).replace(/^/gm, '    ')
  const start = json({ ...head, exchanges: [] }).replace(/\[\]\n\}$/, '[')
  const all = exchanges.map(indented)
  let size = 0
  let isWhole = false

  const attempt = (write: () => void): void => {
    try {
      write()
      isWhole = true
    } catch (error) {
      isWhole = false
      throw failed(`The recording ${file} cannot be written: ${reasonOf(error)}`, error)
    }
  }
  const writeAll = (): void => {
    const text = `${start}${all.map((exchange) => `\n${exchange}`).join(',')}`
    writeFileSync(file, `${text}${END}`)
    size = Buffer.byteLength(text)
  }
  const append = (exchange: string): void => {
    const text = `${all.length > 1 ? ',' : ''}\n${exchange}`
    const handle = openSync(file, 'r+')
    try {
      writeSync(handle, `${text}${END}`, size)
      size += Buffer.byteLength(text)
      ftruncateSync(handle, size + END.length)
    } finally {
      closeSync(handle)
    }
  }

  attempt(writeAll)
  return {
    add(exchange: RecordedExchange): void {
      const text = indented(exchange)
      all.push(text)
      // A file that was taken away meanwhile is written anew.
      attempt(() => (isWhole && existsSync(file) ? append(text) : writeAll()))
    },
    end(): void {
      if (!isWhole) attempt(writeAll)
    },
  }
}

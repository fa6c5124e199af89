import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { type RecordedExchange, type Recording, readRecording } from '../recording/recording.ts'
import { failed, inner, reasonOf } from './failure.ts'
import { json } from './layout.ts'

const EMPTY: Recording = { recording: 1, kept: [], exchanges: [] }

/** Reads a recording from a file. Throws a failure that says what is wrong with it. */
export const readRecordingFile = (file: string): Recording => {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw failed(
      `The recording ${file} cannot be read: ${isMissing ? 'there is no such file: look at the path' : reasonOf(error)}`,
      error,
    )
  }
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
 * Writes a recording, and adds exchanges to it: the file is whole JSON after each of them, and what is there is not written again.
 * Throws a failure for a file that cannot be written.
 */
export const openRecordingFile = (file: string, { exchanges, ...head }: Recording) => {
  const indented = (exchange: RecordedExchange): string => json(exchange).replace(/^/gm, '    ')
  const start = json({ ...head, exchanges: [] }).replace(/\[\]\n\}$/, '[')
  const body = exchanges.map((exchange) => `\n${indented(exchange)}`).join(',')
  let count = exchanges.length
  let size = 0
  try {
    const text = `${start}${body}`
    size = Buffer.byteLength(text)
    writeFileSync(file, `${text}${END}`)
  } catch (error) {
    throw failed(`The recording ${file} cannot be written: ${reasonOf(error)}`, error)
  }
  return {
    add(exchange: RecordedExchange): void {
      const text = `${count++ ? ',' : ''}\n${indented(exchange)}`
      const handle = openSync(file, 'r+')
      try {
        writeSync(handle, `${text}${END}`, size)
        size += Buffer.byteLength(text)
        ftruncateSync(handle, size + END.length)
      } finally {
        closeSync(handle)
      }
    },
  }
}

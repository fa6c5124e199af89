import { type Paint, paintFor } from './paint.ts'

/** Where a command writes. */
export interface Terminal {
  /** Writes a line, or several, of what was asked for. */
  out(text: string): void
  /** Writes a line beside it: an error, a hint. */
  err(text: string): void
  /** Writes over the last such text, on a terminal; nothing elsewhere. Empty takes it away. */
  progress(text: string): void
  /** For what goes out. */
  paint: Paint
  /** For what goes beside it. */
  paintErr: Paint
  /** Columns of a line that is to be read at a glance. */
  width: number
  /** True when a person may be typing. */
  isTyped: boolean
}

/** Lines are cut or wrapped at this where nobody says how wide they may be, and never wider than they can be read. */
const WIDTH = { usual: 100, least: 40, most: 120 }

/** Whoever reads may have seen enough: `isotarget … | head`. */
const endQuietly = (stream: NodeJS.WriteStream): void => {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
}

/** The terminal of this process. */
export const openTerminal = ({ stdout, stderr, stdin, env } = process): Terminal => {
  endQuietly(stdout)
  endQuietly(stderr)
  return {
    out: (text) => void stdout.write(`${text}\n`),
    err: (text) => void stderr.write(`${text}\n`),
    progress: (text) => {
      // Back to the beginning of the line, and what is there is taken away.
      if (stderr.isTTY) stderr.write(`\r\u001b[K${text}`)
    },
    paint: paintFor(stdout, env),
    paintErr: paintFor(stderr, env),
    width: Math.max(WIDTH.least, Math.min(stdout.columns || WIDTH.usual, WIDTH.most)),
    isTyped: Boolean(stdin.isTTY),
  }
}

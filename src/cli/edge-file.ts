import { statSync, watch } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { failed, inner, reasonOf } from './failure.ts'
import { readText } from './input.ts'

/** How long a file rests before it is read again, in ms: editors write in several steps. */
const REST = 50

/** Where a JSON text breaks, in lines as editors count them. */
const placeIn = (text: string, error: unknown): string => {
  const at = Number(/position (\d+)/.exec(reasonOf(error))?.[1] ?? Number.NaN)
  if (!(at >= 0)) return ''
  const lines = text.slice(0, at).split('\n')
  return `, in line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`
}

/** Reads activities from a file. Throws a failure that says what is wrong with it. */
export const readActivitiesFile = (file: string): unknown => {
  const text = readText({ place: file, what: 'activities' })
  try {
    return JSON.parse(text)
  } catch (error) {
    throw failed(`The activities ${file} are no JSON${placeIn(text, error)}: ${inner(reasonOf(error))}`, error)
  }
}

const stampOf = (file: string): string => {
  const { mtimeMs, size } = statSync(file, { throwIfNoEntry: false }) ?? {}
  return `${mtimeMs} ${size}`
}

/**
 * Calls when a file has changed and rests; returns the way to stop. The folder is watched, because many editors write another file
 * and give it the name.
 */
export const watchFile = (file: string, onChange: () => void): (() => void) => {
  let stamp = stampOf(file)
  let timer: NodeJS.Timeout | undefined
  const look = (): void => {
    const now = stampOf(file)
    if (now === stamp) return
    stamp = now
    onChange()
  }
  const path = resolve(file)
  const watcher = watch(dirname(path), (_, name) => {
    if (name !== null && name !== basename(path)) return
    clearTimeout(timer)
    timer = setTimeout(look, REST)
  })
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}

import { TargetError } from '../delivery/error.ts'
import { createId, type NotificationStorage } from './platform.ts'

/** A hold that was not renewed for so long, in ms, is nobody's, wherever its process ran. */
const STALE = 60_000

type Files = typeof import('node:fs')
type Paths = typeof import('node:path')

/** Names that this process holds, so that another with the same number, after a restart, is not taken for it. */
const ours = new Set<string>()

/** Builtin modules without an import, because edge runtimes load this file too and have none. */
const builtin = <Module>(name: string): Module => {
  const found = globalThis.process?.getBuiltinModule?.(name)
  if (found) return found as Module
  throw new TargetError('INVALID_ARGUMENT', `fileStorage: this runtime has no ${name}; use another notificationStorage`)
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It lives, and belongs to somebody else.
    return (error as { code?: string }).code === 'EPERM'
  }
}

/** What a file says, or undefined when there is none. */
const textOf = (fs: Files, path: string): string | undefined => {
  try {
    return fs.readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined
    throw error
  }
}

/** True when whoever wrote a hold is gone: its process of this host, or any that has not renewed it. */
const isAbandoned = (fs: Files, path: string, host: string): boolean => {
  const [where, pid, nonce] = (textOf(fs, path) ?? '').split(' ')
  if (where === host && Number(pid) === process.pid) return !ours.has(`${nonce}`)
  if (where === host && !isAlive(Number(pid))) return true
  const { mtimeMs = 0 } = fs.statSync(path, { throwIfNoEntry: false }) ?? {}
  return Math.abs(Date.now() - mtimeMs) > STALE
}

/** Makes a file that was not there; false when it was. */
const isMade = (fs: Files, path: string, text: string): boolean => {
  try {
    fs.writeFileSync(path, text, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') return false
    throw error
  }
}

/** Moves an abandoned hold out of the way; false when another process was faster and holds the name by now. */
const isCleared = (fs: Files, path: string, nonce: string): boolean => {
  const old = textOf(fs, path)
  const away = `${path}.${nonce}.tmp`
  try {
    fs.renameSync(path, away)
  } catch {
    return false
  }
  const isOld = textOf(fs, away) === old
  if (isOld) fs.rmSync(away, { force: true })
  else fs.renameSync(away, path)
  return isOld
}

/** Removes what a process left half written. */
const sweep = (fs: Files, directory: string, pathOf: (name: string) => string): void => {
  for (const name of fs.readdirSync(directory)) {
    if (!name.endsWith('.tmp')) continue
    const { mtimeMs = Date.now() } = fs.statSync(pathOf(name), { throwIfNoEntry: false }) ?? {}
    if (Date.now() - mtimeMs > STALE) fs.rmSync(pathOf(name), { force: true })
  }
}

/** Takes a name by a file that only one process can make. */
const holdFile = (fs: Files, path: string, host: string): (() => void) | undefined => {
  const nonce = createId()
  const text = `${host} ${process.pid} ${nonce}`
  if (!isMade(fs, path, text)) {
    if (!isAbandoned(fs, path, host) || !isCleared(fs, path, nonce)) return undefined
    if (!isMade(fs, path, text)) return undefined
  }
  ours.add(nonce)
  const timer = setInterval(() => {
    const now = new Date()
    fs.utimes(path, now, now, () => {})
  }, STALE / 4)
  timer.unref?.()
  return () => {
    clearInterval(timer)
    ours.delete(nonce)
    if (textOf(fs, path) === text) fs.rmSync(path, { force: true })
  }
}

/**
 * Keeps notifications as files of a directory, one a record, so that they survive a killed process: the next one that is given the
 * same directory sends them. Several processes of one host, or of several on one volume, may share it. Throws a
 * {@link TargetError} `INVALID_ARGUMENT` where there are no files.
 */
export const fileStorage = (directory: string): NotificationStorage => {
  const fs = builtin<Files>('node:fs')
  const { join } = builtin<Paths>('node:path')
  const host = builtin<typeof import('node:os')>('node:os').hostname()
  fs.mkdirSync(directory, { recursive: true })
  const pathOf = (key: string) => join(directory, encodeURIComponent(key))
  sweep(fs, directory, (name) => join(directory, name))
  return {
    getItem: (key) => textOf(fs, pathOf(key)),
    setItem(key, text) {
      // A name appears with its whole text or not at all.
      const draft = `${pathOf(key)}.${process.pid}.tmp`
      fs.writeFileSync(draft, text)
      fs.renameSync(draft, pathOf(key))
    },
    removeItem: (key) => fs.rmSync(pathOf(key), { force: true }),
    getKeys: () =>
      fs
        .readdirSync(directory)
        .filter((name) => !name.endsWith('.tmp'))
        .map(decodeURIComponent),
    hold: (name) => holdFile(fs, pathOf(name), host),
  }
}

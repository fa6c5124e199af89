import type { Level, Logger } from './platform.ts'

/** What tells the loggers of Node.js apart: pino has `bindings`, winston `transports`; both know what is written at the moment. */
type Known = Logger & { bindings?: unknown; transports?: unknown; isLevelEnabled?(level: Level): boolean }

/** What belongs to a line, as one object. pino writes an error that is named `err`; winston writes what JSON makes of one, which is nothing. */
const members = (parts: unknown[], isPino: boolean): Record<string, unknown> => {
  const told = ({ name, message, stack }: Error) => ({ name, message, stack })
  const all = parts.map((part) => (part instanceof Error ? { err: isPino ? part : told(part) } : part))
  return Object.assign({}, ...all)
}

/**
 * A logger as the client calls it: with `AT:`, a text and what belongs to it. pino takes that object first and one text then; winston one
 * text and the object. All others take what comes, as `console` does. A level that is switched off has no method, so that nothing is put
 * together for it.
 */
export const fitted = (given: Known): Logger => {
  const isPino = typeof given.bindings === 'function'
  if (!isPino && !given.transports) return given
  const line =
    (level: Level) =>
    (prefix: unknown, text: unknown, ...parts: unknown[]): void => {
      const said = `${prefix} ${text}`
      if (isPino) given[level]?.(members(parts, isPino), said)
      else given[level]?.(said, members(parts, isPino))
    }
  const lines = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
  return new Proxy<Logger>(lines, {
    get: (_, level: Level) => (given.isLevelEnabled?.(level) === false ? undefined : lines[level]),
  })
}

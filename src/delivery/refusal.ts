import { invalid, type TargetError } from './error.ts'

/** A value as an error shows it. */
const shown = (value: unknown): string => {
  try {
    return `${typeof value === 'object' ? JSON.stringify(value) : String(value)}`.slice(0, 60)
  } catch {
    return typeof value
  }
}

/** The error of a value in a request: where it stands, what must stand there, the limit, and what was given. */
export const refusal = (
  path: string,
  expected: string,
  { limit, received }: { limit?: unknown; received?: unknown },
): TargetError => {
  const bound = Number.isFinite(limit) ? `, limit ${limit}` : ''
  // Sentences stand for themselves; the others say what the field must be.
  const subject = /^[A-Z]/.test(expected) || !path ? '' : `${path}: `
  return invalid(`${subject}${expected}${bound}, but received ${shown(received)}`, { path, limit, received })
}

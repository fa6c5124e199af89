import type { ErrorCode } from '@openfeature/core'
import { isTargetError, type TargetErrorCode } from '../delivery/error.ts'

/** Words of the enumeration that the SDKs bring; a provider needs none of their code. */
type Code = `${ErrorCode}`

/** Why there is no value. */
export interface Failure {
  code: ErrorCode
  message: string
}

export const failure = (code: Code, message: string): Failure => ({ code: code as ErrorCode, message })

const CODES: { [Name in TargetErrorCode]?: Code } = {
  INVALID_ARGUMENT: 'INVALID_CONTEXT',
  PARSE_ERROR: 'PARSE_ERROR',
  NOT_READY: 'PROVIDER_NOT_READY',
  CLOSED: 'PROVIDER_FATAL',
}

/** Answers that no other attempt betters: the account is unknown, or nobody lets the caller in. */
const FINAL: readonly unknown[] = [401, 403, 404]

/** A failed call in the words of the specification. */
export const failureOf = (error: unknown): Failure => {
  const message = `${(error as Error)?.message ?? error}`
  if (!isTargetError(error)) return failure('GENERAL', message)
  if (FINAL.includes(error.status)) return failure('PROVIDER_FATAL', `${message} ${error.serverMessage ?? ''}`.trim())
  return failure(CODES[error.code] ?? 'GENERAL', message)
}

/** True when there is nothing to offer because the visitor or the page does not want it: that is no failure. */
export const isRefused = (error: unknown): boolean =>
  isTargetError(error) && (error.code === 'OPTED_OUT' || error.code === 'DISABLED')

/** An error whose `code` the SDKs read. */
export const asError = (cause: unknown): Error => {
  const { code, message } = failureOf(cause)
  return Object.assign(new Error(message, { cause }), { code })
}

import { isPlainObject } from './clean.ts'
import { ownOf, withOwn } from './own.ts'
import type { RecordedExchange } from './recording.ts'
import { notificationsIn } from './report.ts'

interface Named {
  requestId?: string
  id?: object
}

/** The ids of the notifications that a request brings. */
const acknowledgedIn = (body: unknown): { id: string | undefined }[] => notificationsIn(body).map(({ id }) => ({ id }))

/** The recorded answer, which names whoever asks now. */
export const answerTo = (exchange: RecordedExchange, body: unknown): unknown => {
  const answer = withOwn(exchange.response.body, ownOf(exchange, body))
  if (!isPlainObject(answer) || exchange.response.status !== 200) return answer
  const { requestId, id } = Object(body) as Named
  const notifications = acknowledgedIn(body)
  const { notifications: _, id: answeredId, ...rest } = answer
  return {
    ...rest,
    ...(requestId !== undefined && { requestId }),
    ...((id || isPlainObject(answeredId)) && { id: { ...(answeredId as object | undefined), ...id } }),
    ...(notifications.length && { notifications }),
  }
}

/** The answer to notifications whose like was not recorded. */
export const acknowledgement = (body: unknown): object => {
  const { requestId, id } = Object(body) as Named
  return {
    status: 200,
    ...(requestId !== undefined && { requestId }),
    ...(id && { id }),
    notifications: acknowledgedIn(body),
  }
}

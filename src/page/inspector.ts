import type { Client } from '../client/client.ts'
import type { EventName } from '../client/events.ts'
import { setAttribute } from '../dom/trusted.ts'

/** The parameter of an address that asks for the inspector, and the key under which the tab remembers it. */
const NAME = 'isotarget-inspector'

const EVENTS =
  'request response decided attemptFailed requestFailed notificationQueued notificationBatch notificationSent notificationRejected notificationDropped notificationRetry artifactDownloadSucceeded artifactDownloadFailed warning'

/** What has happened before the inspector was there: when, in ms since the page began, and what. */
export type Heard = [at: number, event: object]

const isKept = (): unknown => {
  try {
    return sessionStorage[NAME]
  } catch {
    // A sandboxed frame may not even look.
    return false
  }
}

/**
 * Where the inspector is to be had, if somebody wants it. An address comes from whoever wrote the page, never from a link: a link may
 * only ask for the file that lies beside the script.
 */
export const inspectorOf = (script: HTMLScriptElement | null, setting: unknown): string | undefined => {
  if (setting && setting !== true) return `${setting}`
  const isAsked = setting ?? (location.search.includes(NAME) || isKept())
  return isAsked && script?.src ? new URL('isotarget.inspector.global.js', script.src).href : undefined
}

/** Loads the inspector, and keeps what happens until it is there. */
export const loadInspector = (src: string, target: Client, nonce = ''): Heard[] => {
  const heard: Heard[] = []
  for (const name of EVENTS.split(' ')) target.on(name as EventName, (event) => heard.push([performance.now(), event]))
  const made = document.createElement('script')
  made.nonce = nonce
  setAttribute(made, 'src', src)
  document.head.append(made)
  return heard
}

import type { Client } from '../client/client.ts'
import type { AnyEvent } from '../client/events.ts'
import { setAttribute } from '../dom/trusted.ts'

/** The parameter of an address that asks for the inspector, and the key under which the tab remembers it. */
const NAME = 'isotarget-inspector'

/** What has happened before the inspector was there: when, in ms since the page began, and what. */
export type Heard = [at: number, event: AnyEvent]

/** Whether the address or the tab asks for the inspector. */
const isAsked = (): boolean => {
  try {
    return (location.search + Object.keys(sessionStorage)).includes(NAME)
  } catch {
    // A sandboxed frame may not even look.
    return false
  }
}

/**
 * Loads the inspector if somebody wants it, and keeps what happens until it is there. An address comes from whoever wrote the page, never
 * from a link: a link may only ask for the file that lies beside the script.
 */
export const loadInspector = (
  target: Client,
  script: HTMLScriptElement | null,
  setting: boolean | string = isAsked(),
): Heard[] | undefined => {
  if (!setting || !script) return undefined
  const heard: Heard[] = []
  target.on('*', (event) => heard.push([performance.now(), event]))
  const made = document.createElement('script')
  made.nonce = script.nonce
  const src = setting === true ? new URL('isotarget.inspector.global.js', script.src).href : setting
  setAttribute(made, 'src', src)
  document.head.append(made)
  return heard
}

import { type Client, type ClientOptions, type PrefetchMboxResponse, TargetClient } from 'isotarget/browser'
import type { Attachment } from 'svelte/attachments'

let made: Client | undefined

/** One client for the page. The cookies that the server has set make it the same visitor. */
export const targetOf = (account: ClientOptions): Client => {
  made ??= TargetClient.create({ ...account, timeout: 500 })
  return made
}

/** Reports from the page what an element shows: its display, and clicks on its links. */
export const reported =
  (account: ClientOptions, mbox: PrefetchMboxResponse | undefined): Attachment<Element> =>
  (element) => {
    if (!mbox) return
    const target = targetOf(account)
    const click = (event: Event) => {
      if (event.target instanceof Element && event.target.closest('a')) target.click(mbox)
    }
    target.display(mbox)
    element.addEventListener('click', click)
    return () => element.removeEventListener('click', click)
  }

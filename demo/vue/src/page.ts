import { type Client, type ClientOptions, type PrefetchMboxResponse, TargetClient } from 'isotarget/browser'
import type { Directive } from 'vue'

let made: Client | undefined

/** One client for the page. The cookies that the server has set make it the same visitor. */
export const targetOf = (account: ClientOptions): Client => {
  made ??= TargetClient.create({ ...account, timeout: 500 })
  return made
}

/** What an element shows, and for whom. */
interface Shown {
  account: ClientOptions
  mbox: PrefetchMboxResponse | undefined
}

const report = (target: Client, mbox: PrefetchMboxResponse, element: HTMLElement): void => {
  target.display(mbox)
  element.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('a')) target.click(mbox)
  })
}

/** `v-reported` reports from the page what an element shows: its display, and clicks on its links. */
export const vReported: Directive<HTMLElement, Shown> = {
  mounted(element, { value: { account, mbox } }) {
    if (mbox) report(targetOf(account), mbox, element)
  },
  updated(element, { value: { account, mbox }, oldValue }) {
    if (mbox && !oldValue?.mbox) report(targetOf(account), mbox, element)
  },
}

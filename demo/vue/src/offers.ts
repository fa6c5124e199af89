import { type Client, mboxes, type PrefetchMboxResponse } from 'isotarget/browser'
import { type Directive, type InjectionKey, inject } from 'vue'

export const TARGET: InjectionKey<Client | undefined> = Symbol('target')

/** An mbox that the server has asked for: the same on both sides, without a call. */
export const useOffered = (name: string): PrefetchMboxResponse | undefined =>
  inject(TARGET)?.offered({ prefetch: { mboxes: mboxes(name) } })?.prefetch?.mboxes?.[0]

/** What an element shows, and who is told. */
interface Shown {
  target: Client | undefined
  mbox: PrefetchMboxResponse | undefined
}

const report = (element: HTMLElement, { target, mbox }: Shown): void => {
  if (!target || !mbox) return
  target.display(mbox)
  element.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('a')) target.click(mbox)
  })
}

/** `v-reported` reports from the page what an element shows: its display, and clicks on its links. */
export const vReported: Directive<HTMLElement, Shown> = {
  mounted(element, { value }) {
    report(element, value)
  },
  updated(element, { value, oldValue }) {
    if (!oldValue?.mbox) report(element, value)
  },
}

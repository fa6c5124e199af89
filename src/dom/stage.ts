import { ACTIONS } from './action.ts'
import { createMarkup, type Markup } from './markup.ts'
import type { Memory } from './memory.ts'
import { type Reason, Refusal } from './outcome.ts'
import type { Scripts } from './script.ts'
import type { Select } from './select.ts'
import type { Task } from './task.ts'
import { asRefusal } from './trusted.ts'

/** What actions need of their surroundings. */
export interface Surroundings {
  memory: Memory
  scripts: Scripts
  nonce: string | undefined
  owned?: string | undefined
  /** Hears of shadow roots, and of elements that may get one. */
  onRoot: Parameters<Select>[0]
}

/** Ends a task that cannot be done, or not anywhere. */
export const fail = (task: Task, given: unknown): void => {
  const error = asRefusal(given)
  const { outcome } = task
  task.isSettled = true
  outcome.shown = outcome.elements > 0
  let reason: Reason = error instanceof DOMException && error.name === 'SyntaxError' ? 'selector' : 'error'
  let cause: unknown = error
  if (error instanceof Refusal) ({ reason, cause } = error)
  if (!outcome.shown) outcome.reason = reason
  if (cause !== undefined) outcome.error = cause
}

/** Ends a task that was done. */
const finish = (task: Task, elements: number): void => {
  task.isSettled = true
  Object.assign(task.outcome, { shown: true, elements })
}

const markupFor = ({ outcome }: Task, { scripts, nonce }: Surroundings): Markup =>
  createMarkup(scripts, nonce, (src) => {
    outcome.failedScripts = [...(outcome.failedScripts ?? []), src]
  })

/** It takes an element away that belongs to a framework: itself, or one in it. What lies in an mbox is nobody's. */
const isTheft = (type: string, element: Element, owned: string): unknown => {
  const css = `${owned} :not([data-mbox] *)`
  return /^re[mp]/.test(type) ? element.matches(css) : /^set[HT]/.test(type) && element.querySelector(css)
}

/** Does it to each element; one that cannot be changed takes no other along. What is settled is done to new elements only. */
const applyTo = (task: Task, elements: readonly Element[], around: Surroundings): void => {
  const { memory, owned } = around
  const make = markupFor(task, around)
  const done: Element[] = []
  const failures: unknown[] = []
  for (const element of elements) {
    if (memory.isDone(task, element, task.isSettled)) continue
    let nodes: Node[] = []
    const markup: Markup = (html, element) => {
      const content = make(html, element)
      nodes = [...content.childNodes]
      return content
    }
    try {
      if (owned && isTheft(task.type, element, owned)) throw new Refusal('element')
      const still = ACTIONS[task.type](element, task.content, markup)
      memory.note(task, element, { still, nodes })
      done.push(element)
    } catch (error) {
      failures.push(error)
    }
  }
  if (done.length) memory.close(task, done)
  if (task.isSettled) return
  const count = elements.length - failures.length
  if (count) finish(task, count)
  if (failures.length) fail(task, failures[0])
}

/** What changes the content of an element, and would be mixed with the rest of it. */
const CONTENT = /^(set[HT]|app|rear)/

/** The parser may not be through with it: nothing of the page comes after it yet. */
const isOpen = (element: Element): boolean => {
  let node: Node = element
  while (!node.nextSibling && node.parentNode) node = node.parentNode
  return node === document && document.readyState === 'loading'
}

/** Does what a task says if its elements are there. */
export const attempt = (task: Task, around: Surroundings): void => {
  const { memory, onRoot } = around
  try {
    const found = memory.targets(task, onRoot)
    const elements = CONTENT.test(task.type) ? found.filter((element) => !isOpen(element)) : found
    if (elements.length) applyTo(task, elements, around)
    else if (!found.length && !task.isSettled && memory.isGone(task)) finish(task, 1)
  } catch (error) {
    if (!task.isSettled) fail(task, error)
  }
}

/** Whether all that a task could do is done. */
const isInPlace = (task: Task, memory: Memory): boolean => {
  try {
    const elements = memory.targets(task)
    return elements.length > 0 && elements.every((element) => memory.isDone(task, element))
  } catch {
    return true
  }
}

/**
 * Fetches what a task needs before it can be done: the content of a dynamic offer, and an image that replaces another, so that there is
 * no gap between them. Gives nothing when there is nothing to fetch.
 */
export const load = (task: Task, memory: Memory, signal: AbortSignal): Promise<void> | undefined => {
  const { type, content, isDynamic } = task
  if (!(isDynamic || type === 'setImageSource') || typeof content !== 'string' || isInPlace(task, memory))
    return undefined
  const fetching = async (): Promise<void> => {
    if (isDynamic) {
      const answer = await fetch(content, { signal })
      if (!answer.ok) throw answer.status
      task.content = await answer.text()
    } else {
      const image = new Image()
      await new Promise((done, failed) => {
        image.onload = done
        image.onerror = failed
        image.src = content
      })
      // What cannot be decoded ahead is shown all the same.
      await image.decode().catch(() => {})
    }
  }
  return fetching().catch((error) => {
    throw new Refusal('load', error)
  })
}

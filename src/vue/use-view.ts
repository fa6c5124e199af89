import { type MaybeRefOrGetter, onMounted, toValue, watch } from 'vue'
import type { ViewName } from '../offers/registered.ts'
import { useProvided } from './plugin.ts'
import type { Register } from './register.ts'

/**
 * Enters a view of a single-page app: its offers are shown and its entry is reported, once for as long as a component has it. Without a
 * name there is none. A page is in one view at a time, the one that was entered last.
 *
 * @example
 * useView(() => route.name)
 */
export const useView = (name: MaybeRefOrGetter<ViewName<Register> | undefined>): void => {
  const { offers } = useProvided()
  onMounted(() => {
    const enter = (view: string | undefined, _: unknown, onCleanup: (stop: () => void) => void): void => {
      if (view) onCleanup(offers.enter(view))
    }
    watch(() => toValue(name), enter, { immediate: true, flush: 'post' })
  })
}

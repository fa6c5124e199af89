import { useEffect } from 'react'
import type { ViewName } from '../offers/registered.ts'
import { useProvided } from './provider.ts'
import type { Register } from './register.ts'

/**
 * Enters a view of a single-page app: its offers are shown and its entry is reported, once for as long as a component has it. Without a
 * name there is none. A page is in one view at a time, the one that was entered last.
 *
 * @example
 * useView('checkout')
 */
export const useView = (name: ViewName<Register> | undefined): void => {
  const { offers } = useProvided()
  useEffect(() => (name ? offers.enter(name) : undefined), [offers, name])
}

import { own } from './parameters.ts'

/** What a place says of itself: its name, its index and so on, and its parameters. */
export interface Details {
  parameters?: unknown
}

/** `${campaign.name}`: the last two words count, by their newer names, and `mbox` says nothing. */
const keyOf = (macro: string): string =>
  macro
    .replaceAll('campaign', 'activity')
    .replaceAll('recipe', 'experience')
    .split('.')
    .slice(-2)
    .filter((word) => word !== 'mbox')
    .join('.')

/**
 * Writes macros such as `${activity.name}` and `${mbox.user}` out: by the rule, else by what the request says. A macro that nobody
 * knows stays as it is. Parameters are written raw, as Target does.
 */
export const written = (text: string, meta: unknown, details: Details): string =>
  text.replace(/\$\{([a-z0-9_.]*)\}/gi, (macro: string, name: string) => {
    const key = keyOf(name)
    for (const known of [meta, details, details.parameters]) {
      const value = own(known, key)
      if (value !== undefined && (known === meta || typeof value !== 'object')) return String(value)
    }
    return macro
  })

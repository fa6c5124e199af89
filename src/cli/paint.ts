import { styleText } from 'node:util'

/** The few looks that are used, by what they say. */
const LOOKS = {
  strong: 'bold',
  faint: 'dim',
  good: 'green',
  bad: 'red',
  odd: 'yellow',
  name: 'cyan',
} as const

/** Gives text a look, where there is colour. */
export type Paint = Readonly<Record<keyof typeof LOOKS, (text: string) => string>>

/** What of a stream says whether it shows colour. */
export interface Colours {
  isTTY?: boolean
  hasColors?(): boolean
}

/** Colour only on a terminal that has it, and never where `NO_COLOR` is set (no-color.org). */
export const paintFor = (stream: Colours, env: NodeJS.ProcessEnv): Paint => {
  const isColoured = !env.NO_COLOR && Boolean(stream.isTTY && stream.hasColors?.())
  const looks = Object.entries(LOOKS).map(([name, look]) => [
    name,
    (text: string) => (isColoured && text ? styleText(look, text, { validateStream: false }) : text),
  ])
  return Object.fromEntries(looks) as unknown as Paint
}

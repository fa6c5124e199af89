import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OffersFile } from '../../src/emulator.ts'

type Activity = OffersFile['activities'][number]

/** The only experience of a flag. */
const only = (name: string, value: unknown) => [{ name, json: { value } }]

/** What the features of this project read, each flag in an mbox of its name, by the key `value`. */
const own: Record<string, { name: string; json?: object; tier?: string[] }[]> = {
  isOpen: only('open', true),
  'boolean-flag': only('on', true),
  isShut: only('shut', false),
  greeting: only('polite', 'Hello'),
  silence: only('silent', ''),
  columns: only('wide', 4),
  none: only('empty', 0),
  ratio: only('golden', 1.25),
  menu: only('short', { items: ['a'] }),
  bare: only('bare', {}),
  half: [...only('left', 'L'), ...only('right', 'R')],
  members: [
    { name: 'members', json: { value: 'Welcome' }, tier: ['gold', '7', 'true'] },
    { name: 'others', json: { value: 'Hello' } },
  ],
  few: [{ name: 'few', json: { value: 'Psst' }, tier: ['gold'] }],
}

export const ownOffers: OffersFile = {
  activities: Object.entries(own).map(([name, experiences], at) => ({
    id: at + 1,
    name,
    type: name === 'half' ? 'ab' : 'xt',
    experiences: experiences.map(({ name: experience, json, tier }) => ({
      name: experience,
      ...(json && { offers: { [name]: { json } } }),
      ...(tier && { audience: { parameters: { tier } } }),
    })),
  })),
}

/** A flag as the specification's `test-flags.json` writes it. */
interface SpecFlag {
  variants: Record<string, unknown>
  defaultVariant?: string | null
  disabled?: boolean
  /** CEL: a conjunction, and the variant of those for whom it holds. */
  contextEvaluator?: string
}

const ADULT = Array.from({ length: 120 }, (_, age) => `${age + 1}`)

/** A conjunction as parameters that must be equal to one of several texts. Throws for what it does not know. */
const audienceOf = (cel: string): { parameters: Record<string, string[]>; variant: string } => {
  const [, condition = '', variant = ''] = /^(.*) \? '(.*)' : ''$/.exec(cel) ?? []
  const parameters = condition.split(' && ').map((part): [string, string[]] => {
    const [, not] = /^!(\w+)$/.exec(part) ?? []
    if (not) return [not, ['false']]
    const [, name = '', sign, text = ''] = /^(\w+) (==|>) '?(.*?)'?$/.exec(part) ?? []
    if (!sign) throw new Error(`What does this mean? ${part}`)
    return [name, sign === '==' ? [text] : ADULT.slice(Number(text))]
  })
  return { parameters: Object.fromEntries(parameters), variant }
}

const activityOf = ([name, flag]: [string, SpecFlag], at: number): Activity[] => {
  const { variants, defaultVariant, disabled, contextEvaluator } = flag
  // Target neither publishes nor answers what is not live.
  if (disabled || !defaultVariant) return []
  const offer = (variant: string) => ({ name: variant, offers: { [name]: { json: { value: variants[variant] } } } })
  const { parameters, variant } = contextEvaluator ? audienceOf(contextEvaluator) : { parameters: {}, variant: '' }
  const first = variant ? [{ ...offer(variant), audience: { parameters } }] : []
  return [{ id: at + 1, name, type: 'xt', experiences: [...first, offer(defaultVariant)] }]
}

/** The flags of a copy of the specification. */
export const specOffers = (folder: string): OffersFile => {
  const path = join(folder, 'test-flags.json')
  const flags = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, SpecFlag>) : {}
  return { activities: Object.entries(flags).flatMap(activityOf) }
}

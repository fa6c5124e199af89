import * as v from 'valibot'
import { invalid } from '../delivery/error.ts'
import { filled, flag, list, number, passing, text, whole } from '../delivery/schema.ts'
import { isPlain, MboxOffers, type OfferInput, offerOf, PageOffer } from './offer.ts'
import { isRule, type Rule } from './rule/rule.ts'

const unknownMember = ({ expected }: { expected: string | null }): string =>
  expected === 'never' ? 'is not known here' : expected === 'Object' ? 'must be an object' : 'is required'

const noObject = v.never('must be an object')

/** A list passes for an object with valibot; here it is a mistake. */
const plainly = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.lazy((input) => (Array.isArray(input) ? noObject : schema) as Schema)

/** Values by any name. */
const byName = <Schema extends v.GenericSchema>(value: Schema) => plainly(v.record(v.string(), value))

const words = list(text())
const AnyOf = v.union([text(), words], 'must be text or a list of texts')

/** Who takes part: everything that is said must hold. A list stands for any of its values. */
const Audience = plainly(
  v.strictObject(
    {
      /** Parameters of the mbox, the view or the page load, by name. */
      parameters: v.optional(byName(AnyOf)),
      /** Profile parameters that the visitor has sent so far, by name without `profile.`. */
      profile: v.optional(byName(AnyOf)),
      /** Address of the page; `*` stands for any text. */
      url: v.optional(AnyOf),
      /** `web` or `mobile`. */
      channel: v.optional(AnyOf),
      /** JsonLogic over the facts that rules for devices know, such as `{ "==": [{ "var": "mbox.plan" }, "gold"] }`. */
      rule: v.optional(
        passing<Rule>(isRule, 'must be true, false or one operator of JsonLogic, and so must be what it holds'),
      ),
      /** By which QA mode takes it as met or as not met. @default none: QA mode takes it as met */
      id: v.optional(whole(1)),
      /** How traces call it. */
      name: v.optional(filled(250)),
    },
    unknownMember,
  ),
)
export type Audience = v.InferInput<typeof Audience>

const Experience = plainly(
  v.strictObject(
    {
      name: filled(250),
      /** Weight among the experiences of the activity, such as percent. @default 1 */
      share: v.optional(number(0), 1),
      /** In an activity of type `xt`: who sees this experience. @default everyone */
      audience: v.optional(Audience),
      /** A `preview.token` with this text shows the experience. */
      preview: v.optional(filled(1000)),
      /** By name of the mbox. An mbox that only other experiences fill shows its default content, and still counts. */
      offers: v.optional(byName(MboxOffers), {}),
      /** By name of the view. */
      views: v.optional(byName(PageOffer), {}),
      pageLoad: v.optional(PageOffer),
    },
    unknownMember,
  ),
)
/** An experience of an activity, and what it fills. */
export type ExperienceInput = v.InferInput<typeof Experience>

const Activity = plainly(
  v.strictObject(
    {
      /** 1 or more, unique in the file. */
      id: whole(1),
      name: filled(250),
      /** `ab`: chance decides, and the visitor keeps the experience. `xt`: the first experience whose audience fits. @default 'ab' */
      type: v.optional(
        passing<string>((type) => type === 'ab' || type === 'xt', 'must be one of ab, xt', ['ab', 'xt']),
        'ab',
      ),
      /** Token of the property that the activity is limited to. @default none: eligible with every token, and with none */
      property: v.optional(filled(250)),
      /** Names of the environments in which it runs. @default all of them */
      environments: v.optional(words),
      /** A `qaMode.token` with this text lists the activity. @default any token lists it, unless another activity has one */
      qa: v.optional(plainly(v.strictObject({ token: filled(1000) }, unknownMember))),
      /** @default everyone */
      audience: v.optional(Audience),
      experiences: v.pipe(list(Experience), v.minLength(1, 'must have at least one experience')),
      /** What to measure clicks on: by mbox, view, `pageLoad` or `*` (anywhere), a selector, several, or for an mbox `true`. */
      clicks: v.optional(
        byName(v.union([v.literal(true), text(), words], 'must be true, a selector or a list of selectors')),
        {},
      ),
      /** Mboxes whose display is a conversion; `true` for every mbox that the activity does not fill. */
      conversions: v.optional(v.union([v.literal(true), words], 'must be true or a list of mbox names'), []),
      /** Reports to Analytics (A4T): answers carry its payload when the request logs on the client's side. @default false */
      a4t: v.optional(flag(), false),
    },
    unknownMember,
  ),
)
/** An activity: who is in it, its experiences, and what it measures. */
export type ActivityInput = v.InferInput<typeof Activity>

/** An activity with its defaults. */
export type ParsedActivity = v.InferOutput<typeof Activity>

const Environment = plainly(
  v.strictObject(
    {
      /** By which a request names it, as `environmentId`. */
      id: whole(1),
      /** As in the address of the rules for devices. */
      name: filled(250),
      /** Hosts of pages that belong to it, as `context.browser.host` says them; `*` stands for any text. */
      hosts: v.optional(words),
    },
    unknownMember,
  ),
)
/** An environment of the account, such as staging: who belongs to it, and how requests name it. */
export type EnvironmentInput = v.InferInput<typeof Environment>

const attribute = v.union([text(), number(), flag(), words], 'must be text, a number, true, false or a list of texts')

const OffersFile = plainly(
  v.strictObject(
    {
      /** Where the JSON schema of such files is, for editors. */
      $schema: v.optional(text()),
      /** The environments of the account. @default none: any id and any name is taken, and all run the same */
      environments: v.optional(list(Environment), []),
      /** Items to recommend: by id, what is known of them. */
      catalog: v.optional(byName(byName(attribute)), {}),
      activities: list(Activity),
    },
    unknownMember,
  ),
)
/** What a file of activities holds, as `schema/activities.schema.json` describes it. */
export type OffersFile = v.InferInput<typeof OffersFile>

/**
 * What an emulator offers: activities with experiences, or in the simplest case mboxes by name, each with HTML text or a JSON
 * object. That makes one activity with one experience, whose mboxes measure clicks and to which every other mbox is a conversion.
 */
export type Offers = OffersFile | Readonly<Record<string, string | object>>

/** The one activity of the simplest case. */
const shorthand = (offers: Record<string, unknown>): OffersFile => {
  const entries = Object.entries(offers).map(([mbox, content]) => {
    if (typeof content !== 'string' && !isPlain(content))
      throw invalid(`offers.${mbox}: must be HTML text or a JSON object; for activities write { activities: [...] }`)
    return [mbox, offerOf(content) ? content : { json: content }] as const
  })
  const clicks = Object.fromEntries(entries.map(([mbox]) => [mbox, true as const]))
  const experience = { name: 'Offers', offers: Object.fromEntries(entries) as Record<string, OfferInput> }
  return { activities: [{ id: 1, name: 'Offers', experiences: [experience], clicks, conversions: true }] }
}

/** Reads the offers. Throws a {@link TargetError} `INVALID_ARGUMENT` that names the path of what is wrong. */
export const parseOffers = (input: unknown): v.InferOutput<typeof OffersFile> => {
  if (!isPlain(input))
    throw invalid('offers: must be an object, { activities: [...] } or mboxes by name', { path: 'offers' })
  const file = 'activities' in input ? input : shorthand(input)
  const { success, output, issues } = v.safeParse(OffersFile, file, { abortEarly: true })
  if (!success) {
    const [{ path = [], message, input: received }] = issues
    const dotted = ['offers', ...path.map(({ key }) => key)].join('.')
    throw invalid(`${dotted}: ${message}, but received ${JSON.stringify(received)?.slice(0, 60)}`, {
      path: dotted,
      received,
    })
  }
  return output
}

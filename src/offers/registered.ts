import type { Widened } from '../delivery/json-value.ts'

// A door has an interface `Register` that its users add to; here `Registered` stands for it. What nobody has registered is any name.

/** Names of mboxes with offers. */
export type OfferName<Registered> = Registered extends { offers: infer Offers } ? keyof Offers & string : string

/** What the offers of an mbox hold. */
export type OfferContent<Registered, Name extends string> = Registered extends { offers: infer Offers }
  ? Offers[Name & keyof Offers]
  : string | Record<string, unknown>

/** Names of mboxes with attributes. */
export type AttributeMbox<Registered> = Registered extends { attributes: infer Attributes }
  ? keyof Attributes & string
  : string

/** Keys of the JSON offers of an mbox. */
export type AttributeKey<Registered, Mbox extends string> = Registered extends { attributes: infer Attributes }
  ? keyof Attributes[Mbox & keyof Attributes] & string
  : string

/** What a default may be. */
export type AttributeDefault<Registered, Mbox extends string, Key extends string> = Registered extends {
  attributes: infer Attributes
}
  ? ValueIn<Attributes[Mbox & keyof Attributes], Key>
  : unknown

/** What is read: what is registered, or else whatever the default is one of. */
export type AttributeValue<Registered, Mbox extends string, Key extends string, Default> = Registered extends {
  attributes: infer Attributes
}
  ? ValueIn<Attributes[Mbox & keyof Attributes], Key>
  : Widened<Default>

type ValueIn<Values, Key extends string> = Values[Key & keyof Values]

/** Names of views. */
export type ViewName<Registered> = Registered extends { views: infer Views } ? Views & string : string

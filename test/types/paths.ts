/** The names of all members of an object type, also of each member of a union. */
type Keys<Type> = Type extends unknown ? keyof Type : never

/** The type of a member, of whichever part of a union has it. */
type Member<Type, Key extends PropertyKey> = Type extends unknown ? (Key extends keyof Type ? Type[Key] : never) : never

/** A map by free names, text, numbers, enums and dates have no members of their own to compare. */
type Leaf<Type> = Type extends string | number | boolean | Date | bigint | symbol
  ? true
  : string extends keyof Type
    ? true
    : object extends Type
      ? true
      : false

type Dotted<Path extends string, Key extends string> = Path extends '' ? Key : `${Path}.${Key}`

/** Paths of members that `Theirs` has, however deep, and `Ours` has not. Only names are compared, not types. */
export type Missing<Theirs, Ours, Path extends string = ''> = MissingOf<NonNullable<Theirs>, NonNullable<Ours>, Path>

type MissingOf<Theirs, Ours, Path extends string> = Theirs extends readonly (infer Item)[]
  ? Missing<Item, Ours extends readonly (infer Own)[] ? Own : never, `${Path}[]`>
  : Leaf<Theirs> extends true
    ? never
    : {
        [Key in keyof Theirs & string]-?: Key extends Keys<Ours>
          ? Missing<Theirs[Key], Member<Ours, Key>, Dotted<Path, Key>>
          : Dotted<Path, Key>
      }[keyof Theirs & string]

/** True, or the paths that are missing: they stand in the error of an assignment of `true`. */
export type Complete<Gap> = [Gap] extends [never] ? true : { missing: Gap }

/** True when two types are the same. */
export type Same<One, Other> =
  (<Type>() => Type extends One ? 1 : 2) extends <Type>() => Type extends Other ? 1 : 2
    ? true
    : { one: One; other: Other }

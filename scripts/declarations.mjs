import { dirname, relative, resolve } from 'node:path'
import ts from 'typescript'

// Types that are inferred from schemas lose the comments of their members when they are emitted, and drag the types of
// valibot along. The checker knows what they come to, so they are written out here as the interfaces that people read.

const LIBRARY = 'valibot'
const INFERRED = { InferInput: 'Input', InferOutput: 'Output' }
const { NoTruncation, UseSingleQuotesForStringLiteralType } = ts.TypeFormatFlags

const indented = (text) => text.replaceAll(/^(?=.)/gm, '    ')

/** The comment in front of a declaration, its lines at the margin. */
const commentOf = (node) => {
  const comment = node && ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).at(-1)?.getText()
  return comment?.replaceAll(/\n\s*/g, '\n ')
}
const commented = (comment, text) => (comment ? `${comment}\n${text}` : text)

/** The `X` of `InferInput<typeof X>`, and whether it is the input or the output. */
const inferredBy = ({ type }) => {
  if (!type || !ts.isTypeReferenceNode(type)) return undefined
  const name = ts.isQualifiedName(type.typeName) ? type.typeName.right : type.typeName
  const [schema] = type.typeArguments ?? []
  const side = INFERRED[name.text]
  return side && schema && ts.isTypeQueryNode(schema) ? { side, schema: schema.exprName } : undefined
}

/** Writes types of a program as text. */
class Writer {
  #checker
  #own
  #shapes = new Map()
  #bySymbol = new Map()
  #byShape = new Map()
  #byMembers = new Map()
  /** Every type to write; it grows while they are written. */
  aliases = []

  constructor(program) {
    this.#checker = program.getTypeChecker()
    const sources = program.getSourceFiles().filter((file) => !file.isDeclarationFile)
    this.#own = new Set(sources)
    for (const source of sources) {
      for (const statement of source.statements.filter(ts.isTypeAliasDeclaration)) {
        const inferred = inferredBy(statement)
        if (inferred) this.#register(statement, inferred)
      }
    }
  }

  #register(statement, { side, schema }) {
    const symbol = this.#checker.getSymbolAtLocation(statement.name)
    const type = this.#checker.getTypeAtLocation(statement.name)
    const origin = this.#resolved(this.#checker.getSymbolAtLocation(schema))
    const places = [statement, ...(symbol.declarations ?? []), ...(origin?.declarations ?? [])]
    const comment = places.map(commentOf).find(Boolean)
    const alias = { name: statement.name.text, file: statement.getSourceFile(), type, side, comment }
    this.aliases.push(alias)
    this.#bySymbol.set(symbol, alias)
    if (!this.#isObject(type)) return
    const members = this.#membersOf(type)
    if (!this.#byShape.has(this.#shapeOf(type))) this.#byShape.set(this.#shapeOf(type), alias)
    if (!this.#byMembers.has(members)) this.#byMembers.set(members, alias)
  }

  #resolved(symbol) {
    return symbol && symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol
  }

  /** An object that a schema describes: neither an interface nor a map by name. */
  #isObject(type) {
    const isNamed = type.aliasSymbol && this.#isKnown(type.aliasSymbol)
    const isLiteral = type.symbol && type.symbol.flags & (ts.SymbolFlags.TypeLiteral | ts.SymbolFlags.ObjectLiteral)
    return Boolean(!isNamed && isLiteral && type.flags & ts.TypeFlags.Object && type.getProperties().length)
  }

  /** Declared here or by TypeScript itself, so that its name can be written. */
  #isKnown(symbol) {
    const file = symbol.declarations?.[0]?.getSourceFile()
    return file && (this.#own.has(file) || file.hasNoDefaultLib)
  }

  #placeOf(property) {
    const [declaration] = property.declarations ?? []
    return declaration ? `${declaration.getSourceFile().fileName}:${declaration.pos}` : ''
  }

  /** Two objects of the same members come from the same schema, or from the same part of it. */
  #membersOf(type) {
    return type
      .getProperties()
      .map((property) => `${property.name} ${this.#placeOf(property)}`)
      .sort()
      .join()
  }

  #partsOf(type) {
    // A union that was written with the name of another keeps that name only here.
    const parts = type.isUnion() ? (type.origin?.types ?? type.types) : [type]
    const isSaid = (part) => !(part.flags & ts.TypeFlags.Undefined) || part === this.#checker.getUndefinedType()
    return parts.filter(isSaid)
  }

  /** Equal for types that are the same to a reader. */
  #shapeOf(type) {
    const known = this.#shapes.get(type)
    if (known !== undefined) return known
    const shape = this.#newShapeOf(type)
    this.#shapes.set(type, shape)
    return shape
  }

  #newShapeOf(type) {
    const parts = this.#partsOf(type)
    if (parts.length > 1) return parts.map((part) => this.#shapeOf(part)).sort().join('|')
    const [part] = parts
    if (!part) return ''
    if (this.#checker.isArrayType(part)) return `${this.#shapeOf(this.#checker.getTypeArguments(part)[0])}[]`
    if (!this.#isObject(part)) return this.#checker.typeToString(part, undefined, NoTruncation)
    const members = part.getProperties().map((property) => {
      const optional = property.flags & ts.SymbolFlags.Optional ? '?' : ''
      return `${property.name}${optional} ${this.#placeOf(property)} ${this.#shapeOf(this.#typeOf(property))}`
    })
    return `{${members.sort().join()}}`
  }

  #typeOf(property) {
    return this.#checker.getTypeOfSymbol(property)
  }
}

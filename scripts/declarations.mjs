import { dirname, relative, resolve } from 'node:path'
import ts from 'typescript'

// A type that is inferred from a schema is emitted without the comments of its members, and drags the types of the schema
// library along. The checker knows what it comes to, so it is written out here as the interface that people read.

const LIBRARY = 'valibot'
const SIDES = { InferInput: 'Input', InferOutput: 'Output' }
const { NoTruncation, UseSingleQuotesForStringLiteralType } = ts.TypeFormatFlags

const indented = (text) => text.replaceAll(/^(?=.)/gm, '    ')
const commentOf = (node) =>
  ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).at(-1)?.getText().replaceAll(/\n\s*/g, '\n ')
const commented = (nodes, text) => [nodes.map(commentOf).find(Boolean), text].filter(Boolean).join('\n')
const declarationsOf = (symbol) => symbol?.declarations ?? []
const fileOf = (symbol) => declarationsOf(symbol)[0]?.getSourceFile()
const isOurs = (symbol) => fileOf(symbol)?.isDeclarationFile === false
/** The name that a type was given here or by TypeScript, such as `Record`. */
const aliasOf = ({ aliasSymbol: alias }) =>
  alias && !fileOf(alias).fileName.includes(`/node_modules/${LIBRARY}/`) ? alias : undefined
/** Whether it is an object with members that has no name. */
const isObject = (type) => {
  const isAnonymous = !aliasOf(type) && type.symbol?.flags & (ts.SymbolFlags.TypeLiteral | ts.SymbolFlags.ObjectLiteral)
  return Boolean(isAnonymous && type.flags & ts.TypeFlags.Object && type.getProperties().length)
}
const oursIn = (program) => program.getSourceFiles().filter(({ isDeclarationFile }) => !isDeclarationFile)
const isOptional = ({ flags }) => Boolean(flags & ts.SymbolFlags.Optional)
const isBoolean = ({ flags }) => Boolean(flags & ts.TypeFlags.BooleanLiteral)

/** Where a member is written in its schema. */
const placeOf = (property) => declarationsOf(property).map((node) => `${fileOf(property).fileName}:${node.pos}`)[0]
const memberOf = (alias, { name }) => alias?.type.getProperty(name)
const joined = (texts) => texts.sort().join()
const namesOf = (type) => joined(type.getProperties().map(({ name }) => name))

/** Whether a declaration is `InferInput<…>` or `InferOutput<…>` of a schema. */
const sideOf = (node) => {
  const name = ts.isTypeAliasDeclaration(node) ? node.type.typeName : undefined
  return SIDES[(name?.right ?? name)?.text]
}

/** Writes the inferred types of a program. */
class Writer {
  #checker
  #bySymbol = new Map()
  /** By shape, and by the names of the members. */
  #byKey = new Map()
  /** What is to be written; it grows by the types that have no name of their own and need one. */
  #aliases = []

  constructor(program) {
    this.#checker = program.getTypeChecker()
    for (const { statements } of oursIn(program)) for (const node of statements.filter(sideOf)) this.#register(node)
  }

  #register(node) {
    const symbol = this.#checker.getSymbolAtLocation(node.name)
    const [schema] = node.type.typeArguments
    const source = ts.isTypeQueryNode(schema) ? this.#symbolAt(schema.exprName) : undefined
    const alias = {
      name: node.name.text,
      file: node.getSourceFile().fileName,
      type: this.#checker.getTypeAtLocation(node.name),
      side: sideOf(node),
      // The schema of the same name is commented more often than the type.
      commentedAt: [node, ...declarationsOf(symbol), ...declarationsOf(source)],
    }
    this.#aliases.push(alias)
    this.#bySymbol.set(symbol, alias)
    if (!isObject(alias.type)) return
    const keys = [this.#shapeOf(alias.type), namesOf(alias.type)]
    for (const key of keys.filter((each) => !this.#byKey.has(each))) this.#byKey.set(key, alias)
  }

  /** What a name stands for, also through imports. */
  #symbolAt(node) {
    const symbol = ts.isShorthandPropertyAssignment(node)
      ? this.#checker.getShorthandAssignmentValueSymbol(node)
      : this.#checker.getSymbolAtLocation(node)
    return symbol && symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol
  }

  /** The types of a union. */
  #partsOf(type) {
    // A union inside of a union has kept its name in `origin` only.
    const parts = type.isUnion() && !aliasOf(type) ? (type.origin?.types ?? type.types) : [type]
    // A member that may be missing has a part that says so, which is not the word `undefined`.
    return parts.filter((part) => !(part.flags & ts.TypeFlags.Undefined) || part === this.#checker.getUndefinedType())
  }

  /** Equal for types that are the same and come from the same schemas. */
  #shapeOf(type) {
    return this.#shapeOfParts(this.#partsOf(type))
  }

  #shapeOfParts(parts) {
    const shapes = parts.map((part) => {
      if (this.#checker.isArrayType(part)) return `${this.#shapeOf(this.#checker.getTypeArguments(part)[0])}[]`
      if (!isObject(part)) return this.#checker.typeToString(part, undefined, NoTruncation)
      return `{${joined(part.getProperties().map((property) => this.#shapeOfMember(property)))}}`
    })
    return shapes.sort().join('|')
  }

  #shapeOfMember(property) {
    const shape = this.#shapeOf(this.#checker.getTypeOfSymbol(property))
    return `${property.name} ${isOptional(property)} ${placeOf(property)} ${shape}`
  }

  /** Every declaration with its file, and the files of the names that it uses. */
  *written() {
    for (const alias of this.#aliases) {
      const { name, file, type, base } = alias
      const at = { ...alias, imports: new Map() }
      const isNew = (member) => !base || this.#shapeOfMember(member) !== this.#shapeOfMember(memberOf(base, member))
      const text = isObject(type)
        ? `interface ${name}${base ? ` extends ${base.name}` : ''} ${this.#block(type.getProperties().filter(isNew), at)}`
        : `type ${name} = ${this.#type(type, at)};`
      yield { name, file, text: commented(alias.commentedAt, `export ${text}`), imports: at.imports }
    }
  }

  #block(properties, at) {
    const sorted = properties.toSorted((one, other) => isOptional(one) - isOptional(other))
    const members = sorted.map((property) => {
      const parts = this.#partsOf(this.#checker.getTypeOfSymbol(property))
      const text = `${property.name}${isOptional(property) ? '?' : ''}: ${this.#union(parts, at, this.#schemaOf(property))};`
      return commented([...declarationsOf(property), ...declarationsOf(memberOf(at.base, property))], text)
    })
    return `{\n${indented(members.join('\n'))}\n}`
  }

  /** The type of the name by which a member calls its schema: `trace: TraceResponse`. */
  #schemaOf(property) {
    const [node] = declarationsOf(property)
    return node && this.#bySymbol.get(this.#symbolAt(ts.isPropertyAssignment(node) ? node.initializer : node))
  }

  #union(parts, at, schema) {
    const some = parts.filter((part) => part !== this.#checker.getUndefinedType())
    const isSchema = schema && this.#shapeOfParts(some) === this.#shapeOf(schema.type)
    const isEither = some.filter(isBoolean).length === 2
    const texts = some.map((part) => (isEither && isBoolean(part) ? 'boolean' : this.#one(part, at)))
    const undefinedToo = some.length < parts.length ? ['undefined'] : []
    return [...new Set(isSchema ? [this.#name(schema, at)] : texts), ...undefinedToo].join(' | ')
  }

  #type(type, at) {
    return this.#union(this.#partsOf(type), at)
  }

  #one(type, at) {
    const symbol = aliasOf(type) ?? (type.isClassOrInterface() && isOurs(type.symbol) ? type.symbol : undefined)
    if (symbol) return this.#generic(symbol, type.aliasTypeArguments ?? [], at)
    if (this.#checker.isArrayType(type)) return this.#list(type, at)
    if (isObject(type)) return this.#object(type, at)
    const index = type.flags & ts.TypeFlags.Object && type.getStringIndexType()
    if (index) return `Record<string, ${this.#type(index, at)}>`
    return this.#checker.typeToString(type, undefined, NoTruncation | UseSingleQuotesForStringLiteralType)
  }

  #generic(symbol, given, at) {
    const name = isOurs(symbol) ? this.#name({ name: symbol.name, file: fileOf(symbol).fileName }, at) : symbol.name
    return given.length ? `${name}<${given.map((type) => this.#type(type, at)).join(', ')}>` : name
  }

  #list(type, at) {
    const [item] = this.#checker.getTypeArguments(type)
    const isOne = this.#partsOf(item).length === 1 && (!item.isIntersection() || aliasOf(item))
    const text = isOne ? this.#type(item, at) : `(${this.#type(item, at)})`
    return `${type.symbol.name === 'ReadonlyArray' ? 'readonly ' : ''}${text}[]`
  }

  #object(type, at) {
    const alias = this.#byKey.get(this.#shapeOf(type)) ?? this.#otherSideOf(type)
    return alias ? this.#name(alias, at) : this.#block(type.getProperties(), { ...at, base: undefined })
  }

  /** A name for what the schema of a named type says on its other side. */
  #otherSideOf(type) {
    const base = this.#byKey.get(namesOf(type))
    const places = new Set(base?.type.getProperties().map(placeOf))
    const isSame = type.getProperties().some((property) => places.has(placeOf(property)))
    if (!isSame || !this.#checker.isTypeAssignableTo(type, base.type)) return undefined
    const name = `${base.name.replace(/(Input|Output)$/, '')}${base.side === 'Input' ? 'Output' : 'Input'}`
    const alias = { ...base, name, type, base }
    this.#aliases.push(alias)
    this.#byKey.set(this.#shapeOf(type), alias)
    return alias
  }

  #name({ name, file }, at) {
    if (file !== at.file) at.imports.set(name, file)
    return name
  }
}

const specifier = (file, from) => `./${relative(dirname(file), from).replaceAll('\\', '/')}`
const importedBy = ({ importClause }) => {
  const { elements, name } = importClause?.namedBindings ?? {}
  return [...(elements ?? []).map((element) => element.name), name].flatMap((each) => each?.text ?? [])
}

/** A file as it was emitted, with the written types instead of the schemas. */
const rewritten = (file, text, written) => {
  const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const isLibrary = (node) => ts.isImportDeclaration(node) && node.moduleSpecifier.text === LIBRARY
  const library = statements.filter(isLibrary).flatMap(importedBy)
  const mentions = (node) => (ts.isIdentifier(node) && library.includes(node.text)) || ts.forEachChild(node, mentions)
  const kept = statements.filter((node) => !mentions(node))
  const known = kept.filter(ts.isImportDeclaration).flatMap(importedBy)
  const imports = new Map(written.flatMap((type) => [...type.imports]).filter(([name]) => !known.includes(name)))
  return [
    ...Array.from(imports, ([name, from]) => `import type { ${name} } from '${specifier(file, from)}';`),
    ...written.map((type) => type.text),
    ...kept.map((node) => node.getFullText().trim()),
  ].join('\n')
}

/** The declarations of all files that some files lead to, by path. */
const emitted = (roots) => {
  const { options } = ts.getParsedCommandLineOfConfigFile('tsconfig.json', {}, ts.sys)
  // The types are checked elsewhere.
  const emitting = { noEmit: false, declaration: true, emitDeclarationOnly: true, noCheck: true }
  const program = ts.createProgram(roots, { ...options, ...emitting })
  const written = [...new Writer(program).written()]
  const files = new Map()
  for (const source of oursIn(program)) {
    const types = written.filter(({ file }) => file === source.fileName)
    const write = (path, text) => files.set(resolve(path), rewritten(source.fileName, text, types))
    const { diagnostics } = program.emit(source, write, undefined, true)
    if (diagnostics.length) throw new Error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost(options)))
  }
  return files
}

/** Gives rollup the declarations of `src/x.ts` as the file `src/x.d.ts`, which is nowhere on disk. */
export const declarations = () => {
  let files
  return {
    name: 'declarations',
    buildStart: ({ input }) => {
      files = emitted(Object.values(input).map((door) => door.replace(/\.d\.ts$/, '.ts')))
    },
    resolveId: (source, importer) => {
      const file = resolve(importer ? dirname(importer) : '.', source).replace(/(\.d)?\.ts$/, '.d.ts')
      return files.has(file) ? file : undefined
    },
    load: (file) => files.get(file),
  }
}

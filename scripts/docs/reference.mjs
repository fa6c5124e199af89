// The reference: Markdown out of the declarations that are published.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Application, ReflectionKind } from 'typedoc'
import { doors } from './sources.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Types that have no name for users: what they come to is shown where they are used. */
const UNNAMED = [
  ...['ContextOutput', 'ExecuteRequestOutput', 'NotificationOutput', 'PrefetchRequestOutput'],
  ...['Comparison', 'DecideByRules', 'GeoToken', 'Names', 'Problem', 'RulesOf', 'OfferNames'],
  ...['Given', 'Later', 'ResolveArguments', 'Told', 'toHaveAcknowledged', 'ValueIn', 'Widened'],
]
/** What has to say what it does. Members of objects may be clear by their names. */
const DOCUMENTED = ['Class', 'Constructor', 'Function', 'Interface', 'Method', 'TypeAlias', 'Variable']

const options = (declarations, folder) => ({
  plugin: ['typedoc-plugin-markdown'],
  entryPoints: doors.map((door) => join(declarations, `${door}.d.ts`)),
  tsconfig: join(declarations, 'tsconfig.json'),
  // They were compiled when they were written.
  skipErrorChecking: true,
  name: 'Reference',
  readme: 'none',
  out: folder,
  router: 'member',
  entryFileName: 'index.md',
  pageTitleTemplates: { module: ({ name }) => `isotarget/${name}`, member: ({ name }) => name },
  sort: ['kind', 'required-first', 'alphabetical'],
  hideBreadcrumbs: true,
  hidePageHeader: true,
  disableSources: true,
  parametersFormat: 'table',
  indexFormat: 'table',
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  intentionallyNotExported: UNNAMED,
  requiredToBeDocumented: DOCUMENTED,
  logLevel: 'Error',
})

/** What a door says of itself. Bundled declarations have lost it. */
const introductionOf = (door) =>
  /^\/\*\*[\s\S]*?@module\s*\*\//.exec(readFileSync(join(root, 'src', `${door}.ts`), 'utf8'))?.[0] ?? ''

/** TypeDoc takes a constant for a function when it is told to, before an example. */
const withFunctions = (text) =>
  text.replaceAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n(?=declare const \w+: [(<])/g, (_, said) => {
    const [what, ...examples] = said.split(/(?=\n \* @)/)
    return `/**${what}\n * @function${examples.join('')}\n */\n`
  })

/** The declarations, as TypeDoc can read the most from them. */
const writeDeclarations = (folder) => {
  const declared = readdirSync(join(root, 'dist')).filter((file) => file.endsWith('.d.ts'))
  mkdirSync(folder, { recursive: true })
  for (const file of declared) {
    const door = doors.find((name) => file === `${name}.d.ts`)
    const text = withFunctions(readFileSync(join(root, 'dist', file), 'utf8'))
    writeFileSync(join(folder, file), door ? `${introductionOf(door)}\n${text}` : text)
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: join(root, 'tsconfig.json'), include: ['*'] }))
}

/** The names that a door has from another one, in one line instead of a heading each. */
const withoutHeadings = (text) => {
  const [own, others = ''] = text.split('## References\n')
  const names = [...others.matchAll(/^(?:Re-exports|Renames and re-exports) (\[.*?\]\(\S+\))$/gm)].map(
    ([, link]) => link,
  )
  return names.length ? `${own}## The same as elsewhere\n\n${names.join(' · ')}\n` : text
}

/** A value, and not words about one. */
const VALUE = /^(?:['"[{\d].*|true|false|null|undefined|none)$/

const defaultOf = (said) => {
  const text = said.replaceAll(/\s+/g, ' ').trim()
  return `Default: ${VALUE.test(text) ? `\`${text}\`` : text}`
}

/** A default in one line instead of a heading and a block, optional members without the word, no rules between members, no origins. */
const tightened = (text) =>
  text
    .replaceAll(/^#+ Default(?: Value)?\n\n(?:```ts\n([\s\S]*?)\n```|(?!```)(.*))$/gm, (_, code, said) =>
      defaultOf(code ?? said),
    )
    .replaceAll(/^#+ (?:Inherited from|Implementation of|Overrides)\n\n.*\n+/gm, '')
    .replaceAll(/^> `optional` /gm, '> ')
    .replaceAll(/^\*\*\*\n\n/gm, '')

/** What is wrong with the declarations, as TypeDoc warns of it. */
const listen = (logger) => {
  const warnings = []
  const { warn } = logger
  logger.warn = (message, ...rest) => {
    warnings.push(message)
    warn.call(logger, message, ...rest)
  }
  return warnings
}

/** Members of objects without a comment. */
const silentIn = (project) =>
  project.getReflectionsByKind(ReflectionKind.Property).filter((member) => !member.hasComment()).length

/** Writes the reference into a folder, by way of another one; gives what is wrong with it, and how many members are named alone. */
export const writeReference = async (folder, declarations) => {
  writeDeclarations(declarations)
  const app = await Application.bootstrapWithPlugins(options(declarations, folder))
  const warnings = listen(app.logger)
  const project = await app.convert()
  if (!project) throw new Error('TypeDoc could not read the declarations in dist/')
  app.validate(project)
  await app.generateOutputs(project)
  for (const file of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.md'))) {
    const page = join(folder, file)
    writeFileSync(page, tightened(withoutHeadings(readFileSync(page, 'utf8'))))
  }
  return { warnings, silent: silentIn(project) }
}

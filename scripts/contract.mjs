// Writes src/delivery/contract.ts, the contract as a small table for pages, from the schemas beside it.
// Usage: npm run contract [-- --check]
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as analytics from '../src/delivery/analytics.ts'
import * as carried from '../src/delivery/carried.ts'
import * as context from '../src/delivery/context.ts'
import * as details from '../src/delivery/details.ts'
import * as mbox from '../src/delivery/mbox.ts'
import * as metric from '../src/delivery/metric.ts'
import * as order from '../src/delivery/order.ts'
import { DeliveryRequest } from '../src/delivery/request.ts'
import * as rules from '../src/delivery/rules.ts'
import * as tests from '../src/delivery/tests.ts'

const folder = fileURLToPath(new URL('..', import.meta.url))
const file = fileURLToPath(new URL('../src/delivery/contract.ts', import.meta.url))

/** Schemas that stand in several places get a name, and so do the members that they have together. */
const named = new Map(
  Object.entries({ ...order, ...analytics, ...context, ...metric, ...mbox, ...details })
    .filter(([, schema]) => schema?.pipe || ['fields', 'list'].includes(schema?.made?.[0]))
    .map(([name, schema]) => [schema, name[0].toLowerCase() + name.slice(1)]),
)
const used = new Map()
const imported = { carried: new Set(), rules: new Set(), table: new Set(['parserOf']), tests: new Set() }

const modules = { carried, rules, tests }

const nameOf = (value) => {
  for (const [module, functions] of Object.entries(modules)) {
    const name = Object.keys(functions).find((known) => functions[known] === value)
    if (name) imported[module].add(name)
    if (name) return name
  }
  throw new Error(`It has no name in ${Object.keys(modules)}: ${value}`)
}
const call = (maker, ...args) => {
  imported.table.add(maker)
  return `${maker}(${args.join(', ')})`
}
const testOf = (name, args) => {
  imported.tests.add(name)
  return args ? `${name}(${args.join(', ')})` : name
}
/** Arguments without those at the end that say nothing. */
const bounds = (args) => args.slice(0, args.findLastIndex(Number.isFinite) + 1)

const detailed = details.details

const makers = {
  text: (max) => `${max}`,
  oneOf: (words) => `'${words.join(' ')}'`,
  map: () => testOf('map'),
  flag: () => testOf('flag'),
  number: (...args) => testOf('number', bounds(args)),
  whole: (...args) => testOf('whole', bounds(args)),
  fitting: nameOf,
  filled: (max) => testOf('filled', [max]),
  list: (item, max) => call('list', entryOf(item), ...bounds([max])),
  fields: (maybe, must = {}) => {
    const members = Object.entries({ ...maybe, ...must })
    const isDetailed = maybe !== detailed && Object.keys(detailed).every((name) => maybe[name] === detailed[name])
    const own = members.filter(([name]) => !isDetailed || !(name in detailed))
    const lines = own.map(([name, schema]) => {
      const entry = entryOf(schema)
      return name === entry ? name : `${name}: ${entry}`
    })
    if (isDetailed) lines.unshift(`...${entryOf(details.RequestDetails)}`)
    const needed = Object.entries(must).map(
      ([name, { type, default: or = null }]) => `${name}: ${type === 'optional' ? JSON.stringify(or) : null}`,
    )
    const shape = `{ ${lines.join(', ')} }`
    return needed.length ? call('fields', shape, `{ ${needed.join(', ')} }`) : shape
  },
}

const made = (schema) => {
  if (schema.type === 'optional') return entryOf(schema.wrapped)
  if (!schema.pipe) {
    const [maker, ...args] = schema.made
    return makers[maker](...args)
  }
  const [first, ...rest] = schema.pipe
  return rest.reduce((entry, action) => call('written', entry, nameOf(action.made[1])), entryOf(first))
}

const entryOf = (schema) => {
  const name = named.get(schema)
  if (!name) return made(schema)
  if (!used.has(name)) used.set(name, made(schema))
  return name
}
/** The table as it is formatted. */
const written = () => {
  const root = entryOf(DeliveryRequest)
  const imports = Object.entries(imported).map(
    ([module, names]) => `import { ${[...names].sort().join(', ')} } from './${module}.ts'`,
  )
  const text = [
    '// Written by `npm run contract` from the schemas beside it.',
    ...imports,
    '',
    '/** Checks a request as the schemas do, and gives it as they do, in fewer bytes. Throws a {@link TargetError} `INVALID_ARGUMENT`. */',
    '// biome-ignore lint/complexity/noExcessiveLinesPerFunction: it is a table',
    'export const parseRequest = parserOf(() => {',
    ...[...used].map(([name, entry]) => `const ${name} = ${entry}`),
    `return ${root}`,
    '})',
  ].join('\n')
  return execFileSync(process.execPath, ['node_modules/.bin/biome', 'format', `--stdin-file-path=${file}`], {
    cwd: folder,
    input: text,
    encoding: 'utf8',
  })
}
const text = written()
if (!process.argv.includes('--check')) writeFileSync(file, text)
else if (readFileSync(file, 'utf8') !== text) {
  console.error('src/delivery/contract.ts is older than the schemas: npm run contract')
  process.exitCode = 1
}
